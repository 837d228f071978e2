package dev.windlass.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

import dev.windlass.benchmarks.soak.Flatness;
import dev.windlass.benchmarks.soak.Leak;
import dev.windlass.benchmarks.soak.Sample;
import dev.windlass.benchmarks.soak.Soak;
import dev.windlass.benchmarks.soak.SoakPlan;
import dev.windlass.benchmarks.soak.SoakReport;
import dev.windlass.cli.ExitCode;
import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass-bench soak}. */
@Command(name = "soak", mixinStandardHelpOptions = true, usageHelpAutoWidth = true, sortOptions = false, description = {
    "Keeps a steady load for a long time, and says whether what it holds stays flat.",
    "A producer and a worker in one process; samples of the heap after a full collection, threads, open files and objects of the store. Exit code 1 if a task did not end, or if the median of the last third of the samples is above that of the first third by more than a tenth and more than the gauge's allowance."}, footerHeading = "%nExample:%n", footer = "  windlass-bench soak --minutes 30 --rate 20")
final class SoakCommand implements Callable<Integer> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--store", paramLabel = "URI", description = "file:DIRECTORY or s3://BUCKET/PREFIX, without tasks (default: a fresh directory, deleted afterwards).")
    private @Nullable String store;

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "30", description = "How long, after the warm-up (default: 30).")
    private double minutes;

    @Option(names = "--warm-up", paramLabel = "S", defaultValue = "60", description = "Seconds of load before the first sample (default: 60).")
    private double warmUp;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "20", description = "Tasks a second (default: 20).")
    private double rate;

    @Option(names = "--sample", paramLabel = "S", defaultValue = "10", description = "Seconds between samples (default: 10).")
    private double sample;

    @Option(names = "--leak", paramLabel = "KIND", defaultValue = "NONE", description = "Leak on purpose: heap, threads, files or objects (default: none).")
    private Leak leak = Leak.NONE;

    @Option(names = "--json", description = "Print one JSON object, with all samples.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (System.getProperty("windlass.log.level") == null) {
            System.setProperty("windlass.log.level", "ERROR"); // tasks that fail on purpose are no news
        }
        if (store != null) {
            return soak(store);
        }
        try (var directory = new TemporaryDirectory("windlass-soak-")) {
            Path place = directory.path().resolve("store");
            return soak("file:" + place);
        }
    }

    private int soak(String uri) throws InterruptedException {
        var plan = new SoakPlan(uri, seconds(minutes * 60), seconds(warmUp), rate, seconds(sample), leak);
        PrintWriter err = spec.commandLine().getErr();
        SoakReport report = new Soak(plan, seen -> {
            err.println(line(seen));
            err.flush();
        }).run();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(MAPPER.writeValueAsString(json(report)));
        } else {
            show(out, report);
        }
        out.flush();
        return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static Duration seconds(double value) {
        return Duration.ofNanos(Math.round(value * 1e9));
    }

    private static String line(Sample seen) {
        return String.format(Locale.ROOT,
                "%6.0f s  heap %.2f MiB, %d platform threads, %d of the queue, %d files, %d objects beside tasks",
                seen.seconds(), seen.heapBytes() / (double) (1 << 20), seen.platformThreads(), seen.strands(),
                seen.openFiles(), seen.objects());
    }

    private static void show(PrintWriter out, SoakReport report) {
        out.println(String.format(Locale.ROOT,
                "%d tasks submitted, %d completed, %d cancelled; %.1f s behind the rate at the end",
                report.submitted(), report.completed(), report.cancelled(), report.lagSeconds()));
        RequestCounts requests = report.requests();
        out.println(String.format(Locale.ROOT, "%.3f billed requests a task: PUT %d, GET %d, LIST %d; and DELETE %d",
                (double) requests.billed() / report.submitted(), requests.put(), requests.get(), requests.list(),
                requests.delete()));
        out.println();
        out.println("| gauge | first third | last third | may grow by | |");
        out.println("| --- | --- | --- | --- | --- |");
        for (Flatness flat : report.gauges()) {
            out.println(String.format(Locale.ROOT, "| %s | %.2f | %.2f | %.2f | %s |", flat.gauge().title(),
                    flat.first(), flat.last(), flat.bound(), flat.isFlat() ? "flat" : "GROWS"));
        }
        out.println();
        out.println(report.passed()
                ? "passed"
                : report.submitted() == report.completed() + report.cancelled()
                        ? "FAILED: something grows"
                        : "FAILED: not every task ended");
    }

    private static ObjectNode json(SoakReport report) {
        ObjectNode node = MAPPER.createObjectNode().put("passed", report.passed()).put("submitted", report.submitted())
                .put("completed", report.completed()).put("cancelled", report.cancelled())
                .put("lagSeconds", report.lagSeconds()).put("put", report.requests().put())
                .put("get", report.requests().get()).put("list", report.requests().list())
                .put("delete", report.requests().delete()).put("conflicts", report.requests().conflicts());
        var gauges = node.putArray("gauges");
        for (Flatness flat : report.gauges()) {
            gauges.addObject().put("gauge", flat.gauge().title()).put("first", flat.first()).put("last", flat.last())
                    .put("bound", flat.bound()).put("flat", flat.isFlat());
        }
        node.set("samples", MAPPER.valueToTree(report.samples()));
        return node;
    }
}
