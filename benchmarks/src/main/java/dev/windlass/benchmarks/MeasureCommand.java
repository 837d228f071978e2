package dev.windlass.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.windlass.InvalidInputException;
import dev.windlass.benchmarks.measure.Figure;
import dev.windlass.benchmarks.measure.Measure;
import dev.windlass.benchmarks.measure.Measures;
import dev.windlass.benchmarks.measure.Scene;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass-bench measure}. */
@Command(name = "measure", mixinStandardHelpOptions = true, usageHelpAutoWidth = true, sortOptions = false, description = {
    "Measures what docs/performance.md tells, and prints the tables.",
    "Rates are of this machine, at this hour: compare figures of one run only. Counts of requests are exact."}, footerHeading = "%nExample:%n", footer = "  windlass-bench measure requests share")
final class MeasureCommand implements Callable<Integer> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which: requests, flat, latency, share, contention, pickup, graphs, directory, rest, database (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(names = "--small", description = "Measure a little, without a server, to see that all works. The figures say nothing.")
    private boolean small;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        List<Measure> wanted = wanted();
        PrintWriter err = spec.commandLine().getErr();
        Map<Measure, List<Figure>> figures = new LinkedHashMap<>();
        try (var directory = new TemporaryDirectory("windlass-bench-");
                var scene = new Scene(Environment.system(), directory.path(), small, err)) {
            for (Measure measure : wanted) {
                err.println("windlass-bench: " + measure.name());
                err.flush();
                figures.put(measure, measure.run(scene));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(figures));
        } else {
            figures.forEach((measure, rows) -> show(out, measure, rows));
        }
        out.flush();
        return ExitCode.DONE;
    }

    private List<Measure> wanted() {
        var found = new ArrayList<Measure>();
        for (String name : names) {
            found.add(Measures.ALL.stream().filter(measure -> measure.name().equals(name)).findFirst()
                    .orElseThrow(() -> new InvalidInputException("There is no measure \"" + name + "\". Use "
                            + String.join(", ", Measures.ALL.stream().map(Measure::name).toList()) + ".")));
        }
        return found.isEmpty() ? Measures.ALL : found;
    }

    static String command(Measure measure) {
        return "./windlass-bench measure " + measure.name();
    }

    private static void show(PrintWriter out, Measure measure, List<Figure> figures) {
        out.println("### " + measure.title());
        out.println();
        out.println("`" + command(measure) + "`");
        out.println();
        out.println("| what | target | figure | |");
        out.println("| --- | --- | --- | --- |");
        for (Figure figure : figures) {
            boolean judged = figure.target().exists();
            String verdict = !judged ? "" : figure.target().isMetBy(figure.value()) ? "met" : "missed";
            out.println("| " + figure.what() + " | " + figure.target().text() + " | " + figure.text() + " | " + verdict
                    + " |");
        }
        out.println();
    }

    private static String json(Map<Measure, List<Figure>> figures) {
        ArrayNode rows = MAPPER.createArrayNode();
        figures.forEach((measure, found) -> found.forEach(figure -> {
            var row = rows.addObject().put("measure", measure.name()).put("what", figure.what())
                    .put("value", figure.value()).put("unit", figure.unit()).put("target", figure.target().text());
            if (figure.target().exists()) {
                row.put("met", figure.target().isMetBy(figure.value()));
            }
            row.put("command", command(measure));
        }));
        var whole = MAPPER.createObjectNode();
        whole.set("figures", rows);
        return MAPPER.writeValueAsString(whole);
    }
}
