package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.bench.MeasuredStore;
import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;

/** How long it takes from a submission's acknowledgement until the handler begins, in a warm worker. */
final class PickUp implements Measure {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int WARM_UP = 20;
    private static final int MOST_BETWEEN_MILLIS = 150;
    private static final double EXTRA_MILLIS = 10;

    @Override
    public String name() {
        return "pickup";
    }

    @Override
    public String title() {
        return "6. From acknowledgement to handler, warm, polls 100 ms apart; a round trip is the median PUT of the same run";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        measure(scene, StoreKind.FAST, Duration.ofMillis(20), figures);
        for (StoreKind kind : scene.kinds(StoreKind.FAST, StoreKind.S3)) {
            measure(scene, kind, Duration.ZERO, figures);
        }
        return figures;
    }

    private static void measure(Scene scene, StoreKind kind, Duration latency, List<Figure> figures)
            throws InterruptedException {
        String title = kind.title() + (latency.isZero() ? "" : " + " + latency.toMillis() + " ms a request");
        scene.say(title);
        String uri = scene.fresh(kind);
        try (ObjectStore store = scene.open(uri)) {
            double roundTrip = roundTrip(scene, new MeasuredStore(store, latency, scene.environment()));
            figures.add(Figure.of(title + ": round trip", roundTrip, "ms"));
            Windlass windlass = Stamped.connect(store, latency, scene.environment());
            List<Double> same;
            try (Worker worker = Stamped.start(windlass, scene.environment())) {
                same = waits(scene, windlass);
            }
            add(figures, title + ", same process", same, roundTrip, 2 * roundTrip + EXTRA_MILLIS);
            List<Double> other;
            try (var process = new OtherProcesses(scene, uri, 1, "--latency", String.valueOf(latency.toMillis()))) {
                process.awaitReady();
                other = waits(scene, windlass);
            }
            add(figures, title + ", other process", other, roundTrip,
                    2 * roundTrip + EXTRA_MILLIS + Stamped.POLL.toMillis());
        }
    }

    private static void add(List<Figure> figures, String what, List<Double> waits, double roundTrip, double most) {
        figures.add(new Figure(what + ": median", Scene.median(waits), "ms", Target.atMost(most)));
        figures.add(Figure.of(what + ": median", Scene.median(waits) / roundTrip, "round trips"));
        figures.add(Figure.of(what + ": 95 of 100 within", Scene.percentile(waits, 95), "ms"));
    }

    /** The median PUT, in milliseconds. */
    static double roundTrip(Scene scene, ObjectStore store) {
        var times = new ArrayList<Double>();
        for (int i = 0; i < scene.size(100, 10); i++) {
            long start = scene.environment().nanoTime();
            store.put("bench/round-trip/" + i, NaiveWorker.body("round trip", "" + i), Precondition.none());
            times.add((scene.environment().nanoTime() - start) / 1e6);
        }
        return Scene.median(times);
    }

    private static List<Double> waits(Scene scene, Windlass windlass) throws InterruptedException {
        Environment environment = scene.environment();
        var waits = new ArrayList<Double>();
        int tasks = scene.size(200, 10);
        for (int i = -WARM_UP; i < tasks; i++) {
            TaskHandle<Long> handle = windlass.queue(Stamped.QUEUE).submit(Stamped.TYPE, i);
            long acknowledged = MeasuredStore.micros(environment);
            long began = handle.await(LIMIT);
            if (i >= 0) {
                waits.add(Math.max(0, began - acknowledged) / 1e3);
            }
            environment.sleep(Duration.ofMillis(environment.random().nextInt(MOST_BETWEEN_MILLIS)));
        }
        return waits;
    }
}
