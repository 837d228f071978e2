package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.cli.bench.BenchResult;
import dev.windlass.cli.bench.MeasuredStore;
import dev.windlass.store.ObjectStore;

/**
 * How much of what the store could do becomes tasks: against the same requests without a queue, and against the obvious
 * queue, in turns.
 */
final class ShareOfServer implements Measure {
    private static final int CONCURRENCY = 64;
    private static final Duration LATENCY = Duration.ofMillis(60);

    @Override
    public String name() {
        return "share";
    }

    @Override
    public String title() {
        return "4. Share of the store's own rate, and against twelve requests one after the other; 64 at once, medians";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : scene.kinds(StoreKind.S3, StoreKind.DURABLE, StoreKind.FAST)) {
            compare(scene, kind, figures);
        }
        compareUnderLatency(scene, figures);
        return figures;
    }

    /** Where neither side's processor is the limit, as on a bucket: what counts is how many requests wait for each other. */
    private static void compareUnderLatency(Scene scene, List<Figure> figures) throws InterruptedException {
        int tasks = scene.size(1000, 64);
        String title = "mem: + " + LATENCY.toMillis() + " ms a request";
        scene.say(title);
        double ours = scene.bench(scene.fresh(StoreKind.MEMORY), tasks, CONCURRENCY, 1, LATENCY, 0).tasksPerSecond();
        double naive = naive(scene, CONCURRENCY, tasks);
        double single = naive(scene, 1, scene.size(20, 2));
        figures.add(Figure.of(title + ": Windlass, submitted and run", ours, "tasks/s"));
        figures.add(Figure.of(title + ": twelve requests in turn, 64 tasks at once", naive, "tasks/s"));
        figures.add(new Figure(title + ": Windlass ÷ that", ours / naive, "", Target.atLeast(10)));
        figures.add(Figure.of(title + ": twelve requests in turn, one task at a time", single, "tasks/s"));
        figures.add(Figure.of(title + ": Windlass ÷ that", ours / single, ""));
    }

    private static double naive(Scene scene, int atOnce, int tasks) throws InterruptedException {
        try (ObjectStore store = new MeasuredStore(scene.open(scene.fresh(StoreKind.MEMORY)), LATENCY,
                scene.environment())) {
            return new NaiveWorker(store, scene.environment(), atOnce).run(tasks);
        }
    }

    private static void compare(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        int tasks = scene.size(1000, 100);
        var raw = new ArrayList<Double>();
        var naive = new ArrayList<Double>();
        var single = new ArrayList<Double>();
        var ours = new ArrayList<Double>();
        var shares = new ArrayList<Double>();
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < scene.size(5, 1); round++) {
            scene.say(kind.title() + ", round " + (round + 1));
            try (ObjectStore store = scene.open(scene.fresh(kind))) {
                raw.add(RawRequests.perSecond(store, scene.environment(), CONCURRENCY, tasks));
            }
            BenchResult result = scene.bench(scene.fresh(kind), tasks, CONCURRENCY, 1, Duration.ZERO, 0);
            double requests = (double) (result.requests().billed() + result.requests().delete()) / tasks;
            ours.add(result.tasksPerSecond());
            shares.add(result.tasksPerSecond() * requests / raw.getLast());
            try (ObjectStore store = scene.open(scene.fresh(kind))) {
                naive.add(new NaiveWorker(store, scene.environment(), CONCURRENCY).run(tasks));
            }
            ratios.add(result.tasksPerSecond() / naive.getLast());
            try (ObjectStore store = scene.open(scene.fresh(kind))) {
                single.add(new NaiveWorker(store, scene.environment(), 1).run(tasks / 10));
            }
        }
        figures.add(
                Figure.of(kind.title() + ": requests/s of the store with this mix", Scene.median(raw), "requests/s"));
        figures.add(Figure.of(kind.title() + ": Windlass, submitted and run", Scene.median(ours), "tasks/s"));
        figures.add(new Figure(kind.title() + ": tasks/s × requests a task ÷ requests/s of the store",
                Scene.median(shares), "", Target.atLeast(0.8)));
        figures.add(Figure.of(kind.title() + ": twelve requests in turn, 64 tasks at once", Scene.median(naive),
                "tasks/s"));
        figures.add(new Figure(kind.title() + ": Windlass ÷ that", Scene.median(ratios), "", Target.atLeast(10)));
        figures.add(Figure.of(kind.title() + ": twelve requests in turn, one task at a time", Scene.median(single),
                "tasks/s"));
        figures.add(Figure.of(kind.title() + ": Windlass ÷ that", Scene.median(ours) / Scene.median(single), ""));
    }
}
