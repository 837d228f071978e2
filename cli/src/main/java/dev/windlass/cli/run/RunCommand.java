package dev.windlass.cli.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.command.GraphFile;
import dev.windlass.cli.command.StoreUri;
import dev.windlass.cli.graph.GraphDigest;
import dev.windlass.cli.graph.WorkflowGraph;
import dev.windlass.environment.Environment;
import dev.windlass.environment.StopSignals;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code windlass run}: runs a workflow graph over several worker processes. */
@Command(name = "run", description = {"Run a workflow graph over several worker processes.",
    "Each task is a step that waits its recorded runtime, scaled, and yields a digest that needs every parent's."}, footerHeading = "%nExample:%n", footer = {
        "  windlass run examples/workflows/montage.json",
        "  windlass run examples/workflows/montage.json --store s3://bucket/prefix --workers 5 --chaos"})
public final class RunCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration NEWS = Duration.ofMillis(100);
    private static final Duration FIRST_KILL = Duration.ofMillis(300);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run
    private CommandSpec spec;

    @Parameters(paramLabel = "GRAPH", arity = "1", description = "WfFormat JSON, any schema from 1.0 to 1.6; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String graphFile;

    @Option(names = "--store", paramLabel = "URI", description = "Where everything is kept: " + StoreUri.HELP)
    private @Nullable String storeOption;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "3", description = "Worker processes, 1 to 64. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(names = "--concurrency", paramLabel = "C", defaultValue = "16", description = "Steps at once in each process, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(names = "--time-scale", paramLabel = "X", defaultValue = "0.001", description = "Seconds to wait for each recorded second. Default: ${DEFAULT-VALUE}.")
    private double timeScale;

    @Option(names = "--chaos", description = "Kill a random worker process every second or so, and start another.")
    private boolean chaos;

    @Option(names = "--resume", paramLabel = "RUNID", description = "Go on with a run that was interrupted; no finished step is repeated.")
    private @Nullable String resume;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        check();
        Environment environment = Environment.system();
        WorkflowGraph graph = GraphFile.read(graphFile);
        String store = store();
        PrintWriter err = spec.commandLine().getErr();
        try (Windlass windlass = Windlass.connect(store)) {
            Workflows workflows = Workflows.on(windlass.engine());
            String runId = resume != null ? resume : newRunId(graph, environment);
            WorkflowHandle resumed = resume != null ? handleOf(workflows, graph, runId) : null;
            var fleet = new Fleet(environment, windlass, store, runId, workers, concurrency);
            StopSignals signals = StopSignals.listen(environment);
            RunReport report = run(environment, graph, windlass, workflows, fleet, runId, resumed, signals, err);
            if (report == null) {
                err.println("windlass: interrupted; every finished step is kept. Go on with: windlass run " + graphFile
                        + " --store '" + store + "' --resume " + runId);
                return ExitCode.INTERRUPTED;
            }
            if (json) {
                report.printJson(spec.commandLine().getOut());
            } else {
                report.print(spec.commandLine().getOut(), graph, timeScale);
            }
            return report.digest().equals(GraphDigest.expected(graph)) ? ExitCode.DONE : wrongDigest(err, graph);
        }
    }

    private void check() {
        require(workers >= 1 && workers <= 64, "--workers is " + workers + ". Use 1 to 64.");
        require(concurrency >= 1 && concurrency <= 1000, "--concurrency is " + concurrency + ". Use 1 to 1000.");
        require(timeScale >= 0 && timeScale <= 1000, "--time-scale is " + timeScale + ". Use 0 to 1000.");
        require(resume == null || !resume.isEmpty(),
                "--resume is empty. Give it the id that the run was started with.");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException(message);
        }
    }

    private String store() {
        String store = StoreUri.of(spec, storeOption);
        require(!store.toLowerCase(Locale.ROOT).startsWith("mem:"),
                "The store mem: is private to one process, and a run has several. Use file:directory or s3://bucket/prefix.");
        return store;
    }

    private static String newRunId(WorkflowGraph graph, Environment environment) {
        String name = graph.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC)
                .format(environment.wallTime());
        return (name.length() > 60 ? name.substring(0, 60) : name) + "-" + time
                + "-%04x".formatted(environment.random().nextInt(0x10000));
    }

    /** The run to go on with; it must be one of this very graph. */
    private static WorkflowHandle handleOf(Workflows workflows, WorkflowGraph graph, String runId) {
        WorkflowHandle handle = workflows.handle(runId);
        Map<String, List<String>> recorded = new HashMap<>();
        for (DagStep step : handle.definition().steps()) {
            recorded.put(step.name(), step.needs().stream().sorted().toList());
        }
        Map<String, List<String>> asked = new HashMap<>();
        graph.tasks().forEach(task -> asked.put(task.id(), task.parents().stream().sorted().toList()));
        if (!recorded.equals(asked)) {
            throw new InvalidInputException(
                    "Run " + runId + " was started with another graph: it has " + recorded.size()
                            + " steps, " + graph.name() + " has " + asked.size()
                            + " tasks. Name the graph that it was started with.");
        }
        return handle;
    }

    /** Null if it was interrupted. */
    private @Nullable RunReport run(Environment environment, WorkflowGraph graph, Windlass windlass,
            Workflows workflows,
            Fleet fleet, String runId, @Nullable WorkflowHandle resumed, StopSignals signals, PrintWriter err)
            throws IOException, InterruptedException {
        DagDefinition dag = resumed == null ? GraphTaskStep.define(graph, timeScale) : resumed.definition();
        WorkflowHandle handle;
        double seconds;
        try {
            fleet.start();
            if (resumed == null) {
                awaitReady(environment, fleet); // the time of the run is not the time of starting processes
            }
            long start = environment.nanoTime();
            handle = resumed == null
                    ? workflows.start(dag, runId, StartOptions.ofDefaults().withAttempts(1000))
                    : resumed;
            if (!json) {
                err.println("windlass: run " + runId + " of " + dag + " at " + windlass.location());
                err.flush();
            }
            if (!supervise(environment, fleet, handle, dag.steps().size(), signals, err)) {
                return null;
            }
            seconds = (environment.nanoTime() - start) / 1e9;
        } finally {
            fleet.stop();
        }
        requireCompleted(handle);
        Map<String, String> digests = new HashMap<>();
        for (StepInfo step : handle.steps()) {
            JsonNode result = step.result();
            digests.put(step.name(), result == null ? "" : result.asString(""));
        }
        return new RunReport(graph.name(), runId, windlass.location(), handle.status().name(), digests.size(),
                GraphDigest.runDigest(digests), seconds, workers, fleet.restarts(),
                windlass.requests().plus(fleet.requests()));
    }

    private void awaitReady(Environment environment, Fleet fleet) throws IOException, InterruptedException {
        long end = environment.nanoTime() + START_LIMIT.toNanos();
        while (fleet.ready().size() < workers && environment.nanoTime() < end) {
            fleet.awaitChange(NEWS);
            fleet.replaceDead();
        }
    }

    /**
     * Until the run has ended: keeps the fleet whole, or kills some of it, and shows how far the run has come.
     *
     * @return false if it was interrupted before
     */
    private boolean supervise(Environment environment, Fleet fleet, WorkflowHandle handle, int steps,
            StopSignals signals, PrintWriter err)
            throws IOException, InterruptedException {
        long nextLook = environment.nanoTime() + LOOK.toNanos();
        long nextKill = environment.nanoTime() + FIRST_KILL.toNanos();
        boolean wasOwned = false;
        try (var progress = new RunProgress(!json, handle.id(), steps)) {
            while (true) {
                if (signals.await(Duration.ZERO)) {
                    return false;
                }
                fleet.awaitChange(NEWS);
                fleet.replaceDead();
                progress.show(fleet.finished(), fleet.ready().size());
                long now = environment.nanoTime();
                boolean owned = fleet.isOwned();
                boolean look = now >= nextLook || (wasOwned && !owned);
                wasOwned = owned;
                if (look) {
                    nextLook = now + LOOK.toNanos();
                    WorkflowStatus status = handle.status();
                    if (status.isFinal()) {
                        progress.show(steps, fleet.ready().size());
                        return true;
                    }
                }
                if (chaos && now >= nextKill) {
                    String killed = fleet.killOne();
                    if (killed != null) {
                        err.println("windlass: killed worker process " + killed + ", and started another");
                        err.flush();
                        nextKill = environment.nanoTime() + 700_000_000L + environment.random().nextInt(600_000_000);
                    }
                }
            }
        }
    }

    private static void requireCompleted(WorkflowHandle handle) throws InterruptedException {
        handle.await(Duration.ZERO); // throws what the run failed with
    }

    private static int wrongDigest(PrintWriter err, WorkflowGraph graph) {
        err.println("windlass: the digest is not the one that the graph yields, " + GraphDigest.expected(graph)
                + ": some step did not run with its parents' results");
        return ExitCode.FAILED;
    }
}
