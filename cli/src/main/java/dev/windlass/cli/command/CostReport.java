package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.windlass.cli.cost.Measurement;
import dev.windlass.cost.CostEstimate;
import dev.windlass.cost.Halving;
import dev.windlass.cost.PriceKind;
import dev.windlass.cost.RequestLoad;
import dev.windlass.cost.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.ColorScheme;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How {@code windlass cost} shows what it has worked out. */
final class CostReport {
    private static final double GB = 1024.0 * 1024 * 1024;

    private final PrintWriter out;
    private final ColorScheme colours;

    CostReport(PrintWriter out, ColorScheme colours) {
        this.out = out;
        this.colours = colours;
    }

    void print(CostEstimate estimate, Halving halving, @Nullable Measurement measured) {
        var table = new Table(colours, "FOR", "PUT", "GET", "LIST", "DELETE", "DOLLARS A MONTH");
        estimate.byActivity().forEach(
                (activity, load) -> row(table, activity.word(), load, estimate.dollars(activity)));
        table.row("storage", "", "", "", "", dollars(estimate.storageDollars()));
        row(table, "together", estimate.requests(), estimate.dollars());
        table.print(out);
        out.println("Prices: " + estimate.prices().name() + ", of " + estimate.prices().date()
                + "; check them. A month has 30 days. HEAD is never used.");
        RequestLoad all = estimate.requests();
        if (estimate.prices().price(PriceKind.UPLOAD) + estimate.prices().price(PriceKind.DOWNLOAD) > 0) {
            out.println(String.format(Locale.ROOT, "Billed transfer: %.1f GB sent, %.1f GB received.",
                    all.uploaded() / GB, all.downloaded() / GB));
        }
        out.println(String.format(Locale.ROOT, "What costs most: %s, %.0f%%.", estimate.dominant(),
                estimate.dominantShare() * 100));
        estimate.notes().forEach(note -> out.println("Note: " + note + '.'));
        halving.halving().forEach(change -> out.println("It would be halved by " + text(change)));
        if (halving.halving().isEmpty()) {
            out.println(
                    "No single setting would halve it." + halving.best().map(change -> " Most helps " + text(change))
                            .orElse(""));
        }
        if (measured != null) {
            print(measured);
        }
        out.flush();
    }

    private void print(Measurement measured) {
        out.println();
        out.println("Measured: " + measured.tasks() + " tasks and " + measured.runs() + " runs in "
                + measured.took().toMillis() / 1000.0 + " s"
                + (measured.scaled().isEmpty() ? "" : ", with " + String.join(", ", measured.scaled())) + '.');
        var table = new Table(colours, "REQUESTS", "COUNTED", "WORKED OUT", "DIFFERENCE");
        compare(table, "PUT", measured, RequestLoad::put);
        compare(table, "GET", measured, RequestLoad::get);
        compare(table, "LIST", measured, RequestLoad::list);
        compare(table, "DELETE", measured, RequestLoad::delete);
        table.print(out);
    }

    private static void compare(Table table, String kind, Measurement measured, ToDoubleFunction<RequestLoad> count) {
        double counted = count.applyAsDouble(measured.counted());
        double model = count.applyAsDouble(measured.model());
        table.row(kind, number(counted), number(model), counted == 0 ? "" : percent(model / counted - 1));
    }

    private static void row(Table table, String what, RequestLoad load, double dollars) {
        table.row(what, number(load.put()), number(load.get()), number(load.list()), number(load.delete()),
                dollars(dollars));
    }

    private static String text(Halving.Change change) {
        return "--" + change.setting().key() + ' ' + change.setting().show(change.to()) + " (now "
                + change.setting().show(change.from()) + "): " + dollars(change.dollars()) + "; but " + change.price()
                + '.';
    }

    private static String number(double count) {
        return count == 0 ? "" : String.format(Locale.ROOT, "%,.0f", count);
    }

    private static String dollars(double dollars) {
        return String.format(Locale.ROOT, "$%,.2f", dollars);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%+.1f%%", part * 100);
    }

    static ObjectNode json(CostEstimate estimate, Halving halving, @Nullable Measurement measured) {
        ObjectNode json = JsonText.object().put("dollarsPerMonth", cents(estimate.dollars()));
        json.set("requests", of(estimate.requests()));
        ObjectNode activities = json.putObject("activities");
        estimate.byActivity().forEach((activity, load) -> activities.set(activity.word(),
                of(load).put("dollars", cents(estimate.dollars(activity)))));
        json.set("storage", JsonText.object().put("bytes", Math.round(estimate.storedBytes())).put("dollars",
                cents(estimate.storageDollars())));
        json.set("dominant", JsonText.object().put("what", estimate.dominant()).put("share",
                Math.round(estimate.dominantShare() * 1e4) / 1e4));
        ArrayNode halves = json.putArray("halving");
        halving.halving().forEach(change -> halves.add(of(change)));
        halving.best().ifPresent(change -> json.set("best", of(change)));
        ArrayNode notes = json.putArray("notes");
        estimate.notes().forEach(notes::add);
        ObjectNode prices = JsonText.object().put("name", estimate.prices().name()).put("date",
                estimate.prices().date());
        estimate.prices().prices().forEach((kind, price) -> prices.put(kind.key(), price));
        json.set("prices", prices);
        json.set("workload", of(estimate.workload()));
        if (measured != null) {
            ObjectNode measurement = JsonText.object().put("seconds", measured.took().toMillis() / 1000.0)
                    .put("tasks", measured.tasks()).put("runs", measured.runs());
            measurement.set("workload", of(measured.played()));
            measurement.set("counted", of(measured.counted()));
            measurement.set("model", of(measured.model()));
            json.set("measured", measurement);
        }
        return json;
    }

    private static double cents(double dollars) {
        return Math.round(dollars * 1e4) / 1e4;
    }

    private static ObjectNode of(RequestLoad load) {
        return JsonText.object().put("put", Math.round(load.put())).put("get", Math.round(load.get()))
                .put("list", Math.round(load.list())).put("delete", Math.round(load.delete()))
                .put("head", Math.round(load.head())).put("uploadedBytes", Math.round(load.uploaded()))
                .put("downloadedBytes", Math.round(load.downloaded()));
    }

    private static ObjectNode of(Halving.Change change) {
        return JsonText.object().put("setting", change.setting().key()).put("from", change.from())
                .put("to", change.to()).put("dollars", cents(change.dollars())).put("but", change.price());
    }

    private static ObjectNode of(Workload workload) {
        ObjectNode json = JsonText.object();
        workload.values().forEach((setting, value) -> json.put(setting.key(), value));
        return json;
    }
}
