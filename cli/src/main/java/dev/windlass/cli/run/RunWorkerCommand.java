package dev.windlass.cli.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.StopSignals;
import dev.windlass.queue.Worker;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code windlass run-worker}: one worker process of a {@code run}. Reports on standard output; drains and ends when
 * standard input ends, which also happens when its supervisor dies.
 */
@Command(name = "run-worker", hidden = true, description = "One worker process of a run; started by 'windlass run'.", footerHeading = "%nExample:%n", footer = "  windlass run-worker --store file:.windlass --id w1 --run my-run")
public final class RunWorkerCommand implements Callable<Integer> {
    private static final Duration REPORT_EVERY = Duration.ofMillis(100);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run
    private CommandSpec spec;

    @Option(names = "--store", required = true, description = "Where the run is.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String store;

    @Option(names = "--id", required = true, description = "The worker's id.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String id;

    @Option(names = "--run", required = true, description = "The run to report on.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String run;

    @Option(names = "--concurrency", defaultValue = "16", description = "Steps at once.")
    private int concurrency;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.system();
        PrintWriter out = spec.commandLine().getOut();
        var progress = new Progress(environment);
        // Ctrl-C reaches every process of the terminal; this one ends when its supervisor lets go of it.
        StopSignals signals = StopSignals.listen(environment);
        try (Windlass windlass = Windlass.builder().concurrency(Math.max(64, 4 * concurrency)).connect(store)) {
            Workflows workflows = Workflows.on(windlass.engine())
                    .stepType(GraphTaskStep.KIND, new GraphTaskStep(environment));
            Worker worker = workflows.worker(RunSettings.worker(windlass, id), WorkerOptions.ofDefaults()
                    .withLocalParallelism(concurrency).withFleetConcurrency(concurrency).withListener(progress))
                    .start();
            try {
                out.println(progress.report("ready", windlass).line());
                out.flush();
                environment.start("stdin", () -> awaitEndOfInput(progress));
                while (progress.awaitNews(REPORT_EVERY) && !signals.await(Duration.ZERO)) {
                    out.println(progress.report("progress", windlass).line());
                    out.flush();
                }
            } finally {
                worker.drain(DRAIN);
            }
            out.println(progress.report("ended", windlass).line());
            out.flush();
        }
        return ExitCode.DONE;
    }

    private static void awaitEndOfInput(Progress progress) {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                // whatever the supervisor says, only the end means something
            }
        } catch (IOException e) {
            // a broken pipe is an end, too
        }
        progress.stop();
    }

    /** What to report, and whether to go on. */
    private final class Progress implements WorkflowListener {
        private final Monitor monitor;
        private final AtomicInteger finished = new AtomicInteger();
        private boolean owner;
        private boolean stopped;
        private boolean urgent;

        Progress(Environment environment) {
            this.monitor = environment.newMonitor();
        }

        WorkerReport report(String kind, Windlass windlass) {
            monitor.lock();
            try {
                return new WorkerReport(kind, finished.get(), owner, windlass.requests());
            } finally {
                monitor.unlock();
            }
        }

        /** Waits for the time of the next report; false once the process is to end. */
        boolean awaitNews(Duration every) throws InterruptedException {
            monitor.lock();
            try {
                if (!stopped && !urgent) {
                    monitor.await(every);
                }
                urgent = false;
                return !stopped;
            } finally {
                monitor.unlock();
            }
        }

        void stop() {
            monitor.lock();
            try {
                stopped = true;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }

        @Override
        public void stepFinished(StepFinished event) {
            if (event.workflowId().equals(run)) {
                finished.accumulateAndGet(event.finished(), Math::max);
            }
        }

        @Override
        public void runOwned(String workflowId, int number, int recorded, int total) {
            if (workflowId.equals(run)) {
                finished.accumulateAndGet(recorded, Math::max);
                own(true);
            }
        }

        @Override
        public void runEnded(String workflowId, int number, WorkflowStatus status) {
            if (workflowId.equals(run)) {
                own(false);
            }
        }

        private void own(boolean now) {
            monitor.lock();
            try {
                owner = now;
                urgent = true;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }
}
