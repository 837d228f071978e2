package dev.windlass.cli.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker processes of a run: keeps their number up, takes over at once what a dead one held, and kills some if chaos
 * is wanted. Used by one thread; the processes' reports come from others.
 */
final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration END_LIMIT = Duration.ofSeconds(8);
    private static final int UNEXPECTED_LIMIT = 10;

    private final Environment environment;
    private final Windlass windlass;
    private final String store;
    private final String runId;
    private final int size;
    private final int concurrency;
    private final Monitor monitor;
    private final List<WorkerProcess> all = new ArrayList<>();
    private boolean stopping;
    private boolean changed;
    private int started;
    private int restarts;
    private int unexpected;

    Fleet(Environment environment, Windlass windlass, String store, String runId, int size, int concurrency) {
        this.environment = environment;
        this.windlass = windlass;
        this.store = store;
        this.runId = runId;
        this.size = size;
        this.concurrency = concurrency;
        this.monitor = environment.newMonitor();
    }

    void start() throws IOException {
        for (int i = 0; i < size; i++) {
            startOne();
        }
    }

    private void startOne() throws IOException {
        monitor.lock();
        try {
            if (stopping) {
                return;
            }
            started++;
            // Unique for ever: a lease of an earlier worker of this run must not be taken for this one's.
            String id = "%s-w%d-%04x".formatted(runId, started, environment.random().nextInt(0x10000));
            String shortened = id.length() > 150 ? id.substring(id.length() - 150) : id;
            all.add(WorkerProcess.start(shortened, List.of("run-worker", "--store", store, "--id", shortened, "--run",
                    runId, "--concurrency", Integer.toString(concurrency)), environment, worker -> note()));
        } finally {
            monitor.unlock();
        }
    }

    private void note() {
        monitor.lock();
        try {
            changed = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until a worker reports or ends, but not for long. */
    void awaitChange(Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            if (!changed) {
                monitor.await(limit);
            }
            changed = false;
        } finally {
            monitor.unlock();
        }
    }

    private List<WorkerProcess> workers() {
        monitor.lock();
        try {
            return List.copyOf(all);
        } finally {
            monitor.unlock();
        }
    }

    List<WorkerProcess> ready() {
        return workers().stream().filter(WorkerProcess::isReady).toList();
    }

    /** How many processes were started in place of others. */
    int restarts() {
        return restarts;
    }

    /** How many steps have ended, as far as any worker knows. */
    int finished() {
        return workers().stream().mapToInt(worker -> worker.last().finished()).max().orElse(0);
    }

    /** Whether some worker owns the run now. */
    boolean isOwned() {
        return ready().stream().anyMatch(worker -> worker.last().owner());
    }

    /** The requests of all workers, as they have last told. */
    RequestCounts requests() {
        return workers().stream().map(worker -> worker.last().requests()).reduce(RequestCounts.NONE,
                RequestCounts::plus);
    }

    /** Starts others in place of those that have died, after taking over what they held. */
    void replaceDead() throws IOException {
        for (WorkerProcess worker : workers()) {
            if (worker.hasEnded() && !worker.isExpectedToEnd()) {
                worker.stop();
                unexpected++;
                if (unexpected > UNEXPECTED_LIMIT || worker.last().kind().equals("starting")) {
                    throw new WindlassException(
                            "Worker process " + worker.id() + " ended by itself with exit code " + worker.exitCode()
                                    + ": "
                                    + (worker.errors().isEmpty()
                                            ? "it said nothing."
                                            : String.join(" / ", worker.errors())));
                }
                LOG.warn("worker process {} ended by itself with exit code {}; another is started: {}", worker.id(),
                        worker.exitCode(), worker.errors());
                replace(worker);
            }
        }
    }

    /** Kills one of the workers that run, and starts another; says which, or null if too few run now. */
    @Nullable
    String killOne() throws IOException, InterruptedException {
        List<WorkerProcess> ready = ready();
        if (ready.size() < Math.min(2, size)) {
            return null;
        }
        WorkerProcess victim = ready.get(environment.random().nextInt(ready.size()));
        victim.kill();
        replace(victim);
        return victim.id();
    }

    private void replace(WorkerProcess ended) throws IOException {
        restarts++;
        windlass.retire(ended.id()); // its process is gone: no need to wait for its lease to end
        startOne();
    }

    /** Lets all drain and end. */
    void stop() throws InterruptedException {
        monitor.lock();
        try {
            stopping = true;
        } finally {
            monitor.unlock();
        }
        List<WorkerProcess> running = workers().stream().filter(worker -> !worker.hasEnded()).toList();
        running.forEach(WorkerProcess::stop);
        long end = environment.nanoTime() + END_LIMIT.toNanos();
        for (WorkerProcess worker : running) {
            Duration left = Duration.ofNanos(Math.max(0, end - environment.nanoTime()));
            worker.awaitEnd(left);
        }
    }
}
