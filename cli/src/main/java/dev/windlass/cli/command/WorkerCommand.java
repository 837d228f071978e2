package dev.windlass.cli.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.environment.Environment;
import dev.windlass.environment.StopSignals;
import dev.windlass.queue.QueueStats;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerStats;
import dev.windlass.schedule.Schedules;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass worker}. */
@Command(name = "worker", description = {"Run a worker with the built-in handlers until SIGTERM or Ctrl-C.",
    "It then claims nothing more, lets what runs end (see --drain-timeout), and leaves with 0 (130 after Ctrl-C). A second signal ends it at once: others take over its tasks when its lease ends."}, footerHeading = "%nBuilt-in handlers:%n", footer = {
        "  echo   returns its input",
        "  sleep  waits: {\"ms\": 250}, milliseconds as a number, or \"2s\"; returns its input",
        "  fail   fails: {\"message\": \"why\"}; with {\"permanent\": true} without another attempt", "", "Example:",
        "  windlass worker --queue emails --queue reports --concurrency 64",
        "  windlass worker --queue emails --metrics-port 9464"})
final class WorkerCommand extends ConnectedCommand {
    private static final Duration LOOK = Duration.ofMillis(250);

    @Option(names = "--queue", paramLabel = "Q", description = "A queue to work on; repeat the option for several (default: worker.queues of windlass.toml).")
    private List<String> queues = new ArrayList<>();

    @Option(names = "--concurrency", paramLabel = "N", defaultValue = "16", description = "Tasks at once, 1 to 10000 (default: 16).")
    private int concurrency;

    @Option(names = "--weight", paramLabel = "Q=N", description = "How much of the slots a queue gets while others have tasks too, 1 to 1000 (default: 1); repeat the option for several.")
    private final Map<String, Integer> weights = new LinkedHashMap<>();

    @Option(names = "--type-concurrency", paramLabel = "T=N", description = "Tasks of a type at once, 1 to 10000; repeat the option for several.")
    private final Map<String, Integer> typeConcurrency = new LinkedHashMap<>();

    @Option(names = "--type-timeout", paramLabel = "T=D", description = "How long an attempt of a type may take, if the task does not say less; repeat the option for several.")
    private final Map<String, String> typeTimeouts = new LinkedHashMap<>();

    @Option(names = "--max-tasks", paramLabel = "N", description = "Leave when so many attempts have ended.")
    private @Nullable Long maxTasks;

    @Option(names = "--poll", paramLabel = "D", converter = DurationConverter.class, description = "Look for tasks always so often (default: 100ms after a task, then more and more seldom, to 5s).")
    private @Nullable Duration poll;

    @Option(names = "--lease", paramLabel = "D", defaultValue = "30s", converter = DurationConverter.class, description = "How long it may be silent before others take over its tasks, 1s to 1h (default: 30s).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration lease;

    @Option(names = "--id", paramLabel = "ID", description = "Its id, unique among workers (default: host, process and a random part).")
    private @Nullable String id;

    @Option(names = "--drain", description = "Leave when nothing waits in the queues any more, for later neither.")
    private boolean drain;

    @Option(names = "--max-idle", paramLabel = "D", converter = DurationConverter.class, description = "Leave when nothing has run for so long.")
    private @Nullable Duration maxIdle;

    @Option(names = "--drain-timeout", paramLabel = "D", defaultValue = "10s", converter = DurationConverter.class, description = "How long handlers may go on when it leaves; after that they are interrupted, and their tasks go back (default: 10s).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration drainTimeout;

    @Option(names = "--no-scheduler", description = "Fire no schedules here (default: one of the workers of a store fires those that are due).")
    private boolean noScheduler;

    @Mixin
    private final MetricsOptions metrics = new MetricsOptions();

    @Override
    int requestsAtOnce() {
        return Math.clamp(concurrency + 64L, 64, 10_000);
    }

    @Override
    void prepare() {
        if (queues.isEmpty()) {
            queues = configuration().workerQueues();
        }
        if (queues.isEmpty()) {
            throw new InvalidInputException(
                    "Missing required option: '--queue=Q'. Give it, or set worker.queues in windlass.toml.");
        }
        if (concurrency < 1) {
            throw new InvalidInputException("The concurrency is " + concurrency + ". Use 1 to 10000.");
        }
        metrics.check();
    }

    @Override
    void configure(Windlass.Builder builder) {
        metrics.addTo(builder);
    }

    @Override
    int run(Windlass windlass) throws InterruptedException {
        Environment environment = environment();
        Worker.Builder builder = BuiltInHandlers.addTo(windlass.worker(), environment).concurrency(concurrency)
                .lease(lease, lease.dividedBy(3)).id(id);
        queues.forEach(builder::queue);
        weights.forEach(builder::weight);
        typeConcurrency.forEach(builder::typeConcurrency);
        typeTimeouts.forEach((type, text) -> builder.typeTimeout(type, duration(type, text)));
        if (maxTasks != null) {
            builder.maxTasks(maxTasks);
        }
        if (poll != null) {
            builder.poll(poll);
        }
        if (!noScheduler) {
            Schedules.on(windlass).worker(builder);
        }
        try (MetricsOptions.Endpoint endpoint = metrics.listen(environment, lease)) {
            return work(windlass, builder, endpoint);
        }
    }

    private static Duration duration(String type, String text) {
        try {
            return DurationConverter.parse(text);
        } catch (TypeConversionException e) {
            throw new InvalidInputException("--type-timeout " + type + ": " + e.getMessage(), e);
        }
    }

    private int work(Windlass windlass, Worker.Builder builder, MetricsOptions.@Nullable Endpoint endpoint)
            throws InterruptedException {
        Environment environment = environment();
        StopSignals signals = StopSignals.listen(environment);
        Worker worker = builder.start();
        try {
            if (endpoint != null) {
                endpoint.watch(worker, windlass, queues);
            }
            started(worker, windlass, endpoint);
            var idle = new Idleness(windlass, worker, environment.nanoTime());
            while (worker.isRunning() && !signals.await(LOOK) && !idle.isOver(environment.nanoTime())) {
                // looks again
            }
        } finally {
            boolean allEnded = worker.drain(drainTimeout);
            stopped(worker, allEnded);
        }
        return signals.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    private void started(Worker worker, Windlass windlass, MetricsOptions.@Nullable Endpoint endpoint) {
        if (json()) {
            ObjectNode json = JsonText.object().put("event", "started").put("worker", worker.id()).put("store",
                    windlass.location());
            ArrayNode names = json.putArray("queues");
            queues.forEach(names::add);
            json.put("concurrency", concurrency);
            print(endpoint == null ? json : json.put("metrics", endpoint.address() + "/metrics"));
        } else {
            print("worker " + worker.id() + " started on " + String.join(", ", queues) + " at " + windlass.location());
            if (endpoint != null) {
                print("metrics at " + endpoint.address() + "/metrics, probes at /live and /ready");
            }
        }
    }

    private void stopped(Worker worker, boolean allEnded) {
        WorkerStats stats = worker.stats();
        if (json()) {
            print(JsonText.object().put("event", "stopped").put("worker", worker.id())
                    .put("completed", stats.completed()).put("failed", stats.failed())
                    .put("requeued", stats.requeued()).put("cancelled", stats.cancelled())
                    .put("leasesLost", stats.leasesLost()).put("poison", stats.poison()).put("drained", allEnded));
        } else {
            print("worker " + worker.id() + " stopped: " + stats.completed() + " completed, " + stats.failed()
                    + " failed, " + stats.requeued() + " requeued, " + stats.cancelled() + " cancelled"
                    + (stats.leasesLost() > 0 ? ", " + stats.leasesLost() + " lost to others" : "")
                    + (allEnded ? "" : "; handlers still ran and were interrupted"));
        }
    }

    /** Whether there is nothing to do any more. */
    private final class Idleness {
        private final Windlass windlass;
        private final Worker worker;
        private long since;
        private long ended;

        private Idleness(Windlass windlass, Worker worker, long now) {
            this.windlass = windlass;
            this.worker = worker;
            this.since = now;
        }

        private boolean isOver(long now) {
            WorkerStats stats = worker.stats();
            if (stats.running() > 0 || stats.ended() != ended) {
                ended = stats.ended();
                since = now;
                return false;
            }
            if (maxIdle != null && now - since >= maxIdle.toNanos()) {
                return true;
            }
            // What a fresh listing does not show, this worker may have in hand, or just be about to claim.
            return drain && worker.isIdle() && queues.stream().map(queue -> windlass.queue(queue).stats())
                    .allMatch(WorkerCommand::isEmpty) && worker.isIdle() && worker.stats().running() == 0
                    && worker.stats().ended() == ended;
        }
    }

    private static boolean isEmpty(QueueStats stats) {
        return stats.due() == 0 && stats.scheduled() == 0;
    }
}
