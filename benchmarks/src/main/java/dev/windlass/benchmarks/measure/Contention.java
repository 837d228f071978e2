package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.cli.bench.MeasuredStore;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;

/** What it costs that several workers, each with a connection of its own, draw from one queue. */
final class Contention implements Measure {
    private static final TaskType<Integer, Integer> TYPE = TaskType.of("windlass-many", Integer.class, Integer.class);
    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final Duration WORK = Duration.ofMillis(20);
    private static final int AT_ONCE = 16;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "contention";
    }

    @Override
    public String title() {
        return "5. Billed requests per task, submission included, by workers on one queue of 10,000 tasks; mem:, 5 ms a request";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (int batch : new int[]{16, 1}) {
            double alone = 0;
            for (int workers : scene.size(1, 0) == 1 ? new int[]{1, 4, 16, 64} : new int[]{1, 4}) {
                scene.say(workers + " workers, batches of " + batch);
                double each = measure(scene, workers, batch, figures);
                alone = workers == 1 ? each : alone;
                if (workers > 1) {
                    figures.add(new Figure("batches of " + batch + ", " + workers + " workers ÷ one", each / alone, "",
                            batch == 1 ? Target.NONE : Target.atMost(1.25)));
                }
            }
        }
        return figures;
    }

    private static double measure(Scene scene, int workers, int batch, List<Figure> figures)
            throws InterruptedException {
        int tasks = scene.size(10_000, 400);
        try (ObjectStore shared = scene.open(scene.fresh(StoreKind.MEMORY))) {
            var connections = new ArrayList<Windlass>();
            for (int i = 0; i <= workers; i++) {
                connections.add(Windlass.builder().environment(scene.environment())
                        .over(new MeasuredStore(shared, LATENCY, scene.environment())));
            }
            List<Integer> inputs = IntStream.range(0, tasks).boxed().toList();
            connections.getLast().queue("many").submitAll(TYPE, inputs, SubmitOptions.ofDefaults());
            var started = new ArrayList<Worker>();
            for (Windlass windlass : connections.subList(0, workers)) {
                started.add(windlass.worker().queue("many").concurrency(AT_ONCE).batch(batch)
                        .handle(TYPE, (task, input) -> {
                            scene.environment().sleep(WORK);
                            return input;
                        }).start());
            }
            awaitAll(scene, started, tasks);
            started.forEach(Worker::close);
            RequestCounts spent = connections.stream().map(Windlass::requests).reduce(RequestCounts.NONE,
                    RequestCounts::plus);
            connections.forEach(Windlass::close);
            double each = (double) spent.billed() / tasks;
            figures.add(
                    Figure.of("batches of " + batch + ", " + workers + (workers == 1 ? " worker" : " workers"), each,
                            "billed a task"));
            return each;
        }
    }

    private static void awaitAll(Scene scene, List<Worker> workers, int tasks) throws InterruptedException {
        long end = scene.environment().nanoTime() + LIMIT.toNanos();
        while (workers.stream().mapToLong(worker -> worker.stats().completed()).sum() < tasks) {
            if (scene.environment().nanoTime() > end) {
                throw new WindlassException("The workers have not emptied the queue within " + LIMIT + ".");
            }
            scene.environment().sleep(Duration.ofMillis(5));
        }
    }
}
