package dev.windlass.benchmarks.soak;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.windlass.AwaitTimeoutException;
import dev.windlass.TaskCancelledException;
import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.benchmarks.CountedStrands;
import dev.windlass.queue.QueueStats;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;

/**
 * A producer and a worker in this process, at a steady rate. Tasks are of all sorts: most return at once, one in fifty fails
 * once, one in twenty is delayed, one in ten is awaited, one in a hundred is called off. Samples are taken meanwhile. In the
 * end every task of the store is read, and must have ended.
 *
 * <p>Where the worker falls behind, on a machine that is busy otherwise, the producer waits: a backlog would look like a leak.
 */
public final class Soak {
    private static final TaskType<Long, Long> TYPE = TaskType.of("windlass-soak", Long.class, Long.class);
    private static final String QUEUE = "soak";
    private static final int FAILS_ONCE = 50;
    private static final List<String> BESIDE_TASKS = List.of("ready/", "leases/", "workers/", "dead/");
    private static final Duration TO_END = Duration.ofMinutes(2);
    private static final int WAITING_AT_MOST = 64;
    private static final String CARRIER = "jdk.internal.misc.CarrierThread";
    private static final int LOOKS_EVERY = 16;
    private static final Duration LOOKS_AGAIN = Duration.ofMillis(100);

    private final SoakPlan plan;
    private final Consumer<Sample> progress;
    private final CountedStrands environment = new CountedStrands();

    /**
     * @param plan what to soak
     * @param progress told each sample as it is taken
     */
    public Soak(SoakPlan plan, Consumer<Sample> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Soaks, and returns when all tasks have ended or it is clear that they do not.
     *
     * @throws InterruptedException if the thread is interrupted
     * @throws WindlassException if the store has tasks already, or fails
     */
    public SoakReport run() throws InterruptedException {
        ObjectStore store = ObjectStores.open(plan.store(), new StoreSettings(environment, 256, Map.of()));
        try (Windlass windlass = Windlass.builder().environment(environment).over(store)) {
            if (!store.list("tasks/", null, 1).entries().isEmpty()) {
                throw new WindlassException(
                        "The store at " + store.location() + " has tasks already. A soak needs a store of its own.");
            }
            RequestCounts before = windlass.requests();
            List<Sample> samples = new ArrayList<>();
            long submitted;
            double lag;
            RequestCounts requests;
            try (Worker worker = windlass.worker().queue(QUEUE).handle(TYPE, (task, input) -> {
                if (input % FAILS_ONCE == 0 && task.attempt() == 1) {
                    throw new OnPurpose();
                }
                return input;
            }).start()) {
                var producer = new Producer(windlass, store);
                long start = environment.nanoTime();
                long end = start + plan.warmUp().plus(plan.load()).toNanos();
                var strand = environment.start("windlass-soak-producer", () -> producer.run(start, end));
                long next = start + plan.warmUp().toNanos();
                while (next <= end || strand.isAlive()) { // also while the producer catches up
                    environment.sleep(Duration.ofNanos(next - environment.nanoTime()));
                    Sample sample = sample(store, (environment.nanoTime() - start) / 1e9);
                    samples.add(sample);
                    progress.accept(sample);
                    next += plan.sample().toNanos();
                }
                strand.join();
                submitted = producer.submitted();
                lag = Math.max(0, producer.ended() - end) / 1e9;
                awaitDrained(windlass.queue(QUEUE));
                requests = windlass.requests().minus(before);
            }
            Map<TaskStatus, Long> ends = ends(windlass);
            return new SoakReport(submitted, lag, ends.getOrDefault(TaskStatus.COMPLETED, 0L),
                    ends.getOrDefault(TaskStatus.CANCELLED, 0L), requests, List.copyOf(samples),
                    Flatness.judge(samples));
        }
    }

    /** Until nothing waits and nothing runs: what runs may fail, and wait again. */
    private void awaitDrained(TaskQueue queue) throws InterruptedException {
        long end = environment.nanoTime() + TO_END.toNanos();
        while (environment.nanoTime() < end && !queue.isDrained()) {
            environment.sleep(Duration.ofMillis(200));
        }
    }

    private static long waiting(TaskQueue queue) {
        QueueStats stats = queue.stats();
        return stats.due() + stats.scheduled();
    }

    private static Map<TaskStatus, Long> ends(Windlass windlass) {
        Map<TaskStatus, Long> found = new EnumMap<>(TaskStatus.class);
        windlass.find(task -> {
            found.merge(task.status(), 1L, Long::sum);
            return false;
        }, 1);
        return found;
    }

    private Sample sample(ObjectStore store, double seconds) {
        System.gc();
        var system = ManagementFactory.getOperatingSystemMXBean();
        long files = system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
        long objects = BESIDE_TASKS.stream().mapToLong(prefix -> count(store, prefix)).sum();
        return new Sample(seconds, heapAfterCollection(), platformThreads(), environment.live(), files, objects);
    }

    /** What the last collection left: not what has been allocated since, which on a busy machine may be much. */
    private static long heapAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage).filter(Objects::nonNull).mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /** Without the carriers of virtual threads: the virtual machine has more of them while files keep it waiting. */
    private static int platformThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getClass().getName().equals(CARRIER)).count();
    }

    private static long count(ObjectStore store, String prefix) {
        long count = 0;
        @Nullable
        String after = null;
        while (true) {
            ListPage page = store.list(prefix, after, 1000);
            count += page.entries().size();
            if (!page.more() || page.entries().isEmpty()) {
                return count;
            }
            after = page.entries().getLast().key();
        }
    }

    /** Submits at the rate, and catches up where the store made it wait. */
    private final class Producer {
        private final TaskQueue queue;
        private final Leak.Held held;
        private volatile long submitted;
        private volatile long ended;

        Producer(Windlass windlass, ObjectStore store) {
            this.queue = windlass.queue(QUEUE);
            this.held = new Leak.Held(environment, store);
        }

        long submitted() {
            return submitted;
        }

        long ended() {
            return ended;
        }

        void run(long start, long end) {
            double apart = 1e9 / plan.rate();
            try {
                for (long i = 1;; i++) {
                    long due = start + (long) (i * apart);
                    if (due > end) {
                        return;
                    }
                    environment.sleep(Duration.ofNanos(due - environment.nanoTime()));
                    if (i % LOOKS_EVERY == 0) {
                        awaitRoom();
                    }
                    submit(i);
                    submitted = i;
                    plan.leak().drip(held, i);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended = environment.nanoTime();
            }
        }

        private void awaitRoom() throws InterruptedException {
            while (waiting(queue) > WAITING_AT_MOST) {
                environment.sleep(LOOKS_AGAIN);
            }
        }

        private void submit(long i) {
            SubmitOptions options = SubmitOptions.ofDefaults().withRetry(RetryPolicy.fixed(3, Duration.ofSeconds(1)));
            if (i % 20 == 0) {
                options = options.withDelay(Duration.ofSeconds(2));
            }
            TaskHandle<Long> handle = queue.submit(TYPE, i, options);
            if (i % 100 == 0) {
                handle.cancel("called off by the soak");
            } else if (i % 10 == 5) {
                environment.start("windlass-soak-awaiter", () -> await(handle));
            }
        }

        private void await(TaskHandle<Long> handle) {
            try {
                handle.await(TO_END);
            } catch (TaskCancelledException | AwaitTimeoutException e) {
                // it was called off, or is late: in the end all are looked at
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without a stack trace, and told at the debug level's cost only. */
    private static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OnPurpose() {
            super("fails once, on purpose", null, false, false);
        }
    }
}
