package dev.windlass.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.benchmarks.CountedStrands;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoredObject;

/** What a worker takes that has many tasks in hand at once. */
final class InFlight implements Measure {
    private static final TaskType<String, String> TYPE = TaskType.of("windlass-held", String.class, String.class);
    private static final TaskType<String, String> WARM_UP = TaskType.of("windlass-passes", String.class, String.class);
    private static final String QUEUE = "held";
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "flight";
    }

    @Override
    public String title() {
        return "11. A worker with 1,000 tasks of 1 KiB in flight, none of which ends for a minute";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : scene.kinds(StoreKind.FAST, StoreKind.S3)) {
            scene.say("tasks in flight on " + kind.title());
            measure(scene, kind, figures);
        }
        return figures;
    }

    /** Holds handlers until all may go. */
    private static final class Gate {
        private final Monitor monitor;
        private boolean open;
        private int held;

        private Gate(Monitor monitor) {
            this.monitor = monitor;
        }

        private void pass() throws InterruptedException {
            monitor.lock();
            try {
                held++;
                while (!open) {
                    monitor.await();
                }
            } finally {
                monitor.unlock();
            }
        }

        private void open() {
            monitor.lock();
            try {
                open = true;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }

        private int held() {
            monitor.lock();
            try {
                return held;
            } finally {
                monitor.unlock();
            }
        }
    }

    private static void measure(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        int tasks = scene.size(1_000, 50);
        var environment = new CountedStrands();
        var gate = new Gate(environment.newMonitor());
        String uri = scene.fresh(kind);
        String at = kind.title() + ", " + Figure.number(tasks) + " in flight: ";
        try (ObjectStore store = scene.open(uri);
                Windlass windlass = Windlass.builder().environment(environment).concurrency(256).over(store);
                Worker worker = windlass.worker().queue(QUEUE).concurrency(tasks).handle(TYPE, (task, input) -> {
                    gate.pass();
                    return "done";
                }).handle(WARM_UP, (task, input) -> input).start()) {
            // Classes are loaded and code is compiled by tasks that go before.
            windlass.queue(QUEUE).submit(WARM_UP, "x").await(LIMIT);
            long heap = heap();
            int strands = environment.live();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            List<String> inputs = IntStream.range(0, tasks).mapToObj(i -> "x".repeat(1_000) + i).toList();
            windlass.queue(QUEUE).submitAll(TYPE, inputs, SubmitOptions.ofDefaults().withTimeout(null));
            await(environment, () -> gate.held() == tasks, "The tasks have not all begun");
            environment.sleep(Duration.ofSeconds(scene.size(15, 1))); // what the claims left is done
            RequestCounts before = windlass.requests();
            Duration span = Duration.ofSeconds(scene.size(60, 3));
            environment.sleep(span);
            RequestCounts spent = windlass.requests().minus(before);
            figures.add(Figure.of(at + "heap more, for each", (double) (heap() - heap) / tasks / 1024, "KiB"));
            figures.add(Figure.of(at + "virtual threads more", environment.live() - strands, ""));
            figures.add(Figure.of(at + "platform threads more",
                    ManagementFactory.getThreadMXBean().getThreadCount() - threads, ""));
            figures.add(Figure.of(at + "the lease's object", lease(store) / 1024.0, "KiB"));
            figures.add(Figure.of(at + "PUT (heartbeats) in " + span.toSeconds() + " s", (double) spent.put(), ""));
            figures.add(Figure.of(at + "GET in " + span.toSeconds() + " s", (double) spent.get(), ""));
            gate.open();
            await(environment, () -> worker.stats().completed() == tasks + 1, "The tasks have not all ended");
            figures.add(new Figure(at + "leases lost", (double) worker.stats().leasesLost(), "", Target.atMost(0)));
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The largest one's size. */
    private static int lease(ObjectStore store) {
        int most = 0;
        for (ListPage.Entry entry : store.list("leases/", null, 100).entries()) {
            StoredObject object = store.get(entry.key()).object();
            most = Math.max(most, object == null ? 0 : object.body().length);
        }
        return most;
    }

    private static void await(CountedStrands environment, BooleanSupplier condition, String what)
            throws InterruptedException {
        long end = environment.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (environment.nanoTime() > end) {
                throw new WindlassException(what + " within " + LIMIT + ".");
            }
            environment.sleep(Duration.ofMillis(20));
        }
    }
}
