package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

import dev.windlass.cli.ExitCode;
import dev.windlass.cli.bench.BenchPlan;
import dev.windlass.cli.bench.BenchResult;
import dev.windlass.cli.bench.BenchRun;
import dev.windlass.environment.Environment;
import dev.windlass.store.RequestCounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code windlass bench}. */
@Command(name = "bench", description = {"Measure throughput, latency and requests on a store.",
    "After a warm-up it submits all tasks into a fresh queue, then starts the workers, which return each task's input, and waits for the last completion. The tasks stay in the store, completed."}, footerHeading = "%nThe figures:%n", footer = {
        "  seconds, tasksPerSecond  from the first submission to the last completion,",
        "                           submission and drain; the text output also has them apart",
        "  p50Ms, p99Ms             from a task's submission to its completion",
        "  requestsPerTask          what is billed, PUT, GET and LIST, of all processes",
        "  conflicts                puts whose precondition did not hold; contained in put", "", "Example:",
        "  windlass bench --store file:./bench --tasks 500 --latency 60 --concurrency 256 --processes 1"})
final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Option(names = "--processes", paramLabel = "P", defaultValue = "1", description = "Worker processes; one is this very process (default: 1).")
    private int processes;

    @Option(names = "--apart", description = "One worker, too, is a process of its own, as fresh as several are.")
    private boolean apart;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        BenchPlan plan = options.plan(spec, processes, apart);
        BenchResult result = new BenchRun(Environment.system(), plan).run();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.write(asJson(result)));
        } else {
            show(out, result);
        }
        out.flush();
        return ExitCode.DONE;
    }

    private static JsonNode asJson(BenchResult result) {
        RequestCounts requests = result.requests();
        return JsonText.object().put("tasks", result.tasks()).put("seconds", rounded(result.seconds(), 1e6))
                .put("tasksPerSecond", rounded(result.tasksPerSecond(), 1e2))
                .put("p50Ms", rounded(result.p50Millis(), 1e3)).put("p99Ms", rounded(result.p99Millis(), 1e3))
                .put("requestsPerTask", rounded(result.requestsPerTask(), 1e4)).put("put", requests.put())
                .put("get", requests.get()).put("list", requests.list()).put("delete", requests.delete())
                .put("conflicts", requests.conflicts());
    }

    private static double rounded(double value, double parts) {
        return Math.round(value * parts) / parts;
    }

    private static void show(PrintWriter out, BenchResult result) {
        RequestCounts requests = result.requests();
        row(out, "tasks", String.valueOf(result.tasks()));
        row(out, "submit", rate(result.tasks(), result.submitSeconds()));
        row(out, "drain", rate(result.tasks(), result.drainSeconds()));
        row(out, "together", rate(result.tasks(), result.seconds()));
        row(out, "latency", String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms, from submission to completion",
                result.p50Millis(), result.p99Millis()));
        row(out, "requests",
                String.format(Locale.ROOT, "%.3f billed a task: PUT %d, GET %d, LIST %d; and DELETE %d",
                        result.requestsPerTask(), requests.put(), requests.get(), requests.list(), requests.delete()));
        row(out, "conflicts", String.valueOf(requests.conflicts()));
    }

    private static String rate(int tasks, double seconds) {
        return String.format(Locale.ROOT, "%.3f s, %.0f tasks/s", seconds, tasks / seconds);
    }

    private static void row(PrintWriter out, String label, String value) {
        out.println(String.format(Locale.ROOT, "%-9s  %s", label, value));
    }
}
