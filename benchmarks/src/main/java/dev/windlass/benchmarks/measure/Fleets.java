package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;

/** Ten types in one queue, each with a fleet of its own that can run nothing else: none starves behind the others. */
final class Fleets implements Measure {
    private static final int TYPES = 10;
    private static final int WORKERS = 2;
    private static final int SLOTS = 4;
    private static final Duration WORK = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String QUEUE = "mixed";

    @Override
    public String name() {
        return "fleets";
    }

    @Override
    public String title() {
        return "12. Ten types with ten fleets of two workers on one queue: 50 tasks of each of nine types, "
                + "all behind 2,000 of the tenth";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : scene.kinds(StoreKind.FAST, StoreKind.S3)) {
            scene.say("ten fleets on " + kind.title());
            measure(scene, kind, figures);
        }
        return figures;
    }

    private static TaskType<Integer, Integer> type(int i) {
        return TaskType.of("windlass-type-" + i, Integer.class, Integer.class);
    }

    private static void measure(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        int backlog = scene.size(2_000, 100);
        int each = scene.size(50, 3);
        int types = scene.size(TYPES, 4);
        var done = new AtomicIntegerArray(types);
        var connections = new ArrayList<Windlass>();
        var workers = new ArrayList<Worker>();
        try (ObjectStore store = scene.open(scene.fresh(kind))) {
            Windlass submitter = Windlass.builder().environment(scene.environment()).over(store);
            List<Integer> inputs = IntStream.range(0, backlog).boxed().toList();
            submitter.queue(QUEUE).submitAll(type(0), inputs, SubmitOptions.ofDefaults());
            for (int type = 1; type < types; type++) {
                submitter.queue(QUEUE).submitAll(type(type), inputs.subList(0, each), SubmitOptions.ofDefaults());
            }
            RequestCounts submitted = submitter.requests();
            long begin = scene.environment().nanoTime();
            for (int worker = 0; worker < types * WORKERS; worker++) {
                int type = worker % types;
                Windlass windlass = Windlass.builder().environment(scene.environment()).over(store);
                connections.add(windlass);
                workers.add(windlass.worker().queue(QUEUE).concurrency(SLOTS).handle(type(type), (task, input) -> {
                    scene.environment().sleep(WORK);
                    done.incrementAndGet(type);
                    return input;
                }).start());
            }
            String at = kind.title() + ": ";
            await(scene, () -> IntStream.range(1, types).allMatch(type -> done.get(type) == each));
            figures.add(Figure.of(at + "all tasks of the nine types done after", seconds(scene, begin), "s"));
            figures.add(new Figure(at + "tasks of the tenth that then still wait", backlog - done.get(0), "",
                    Target.atLeast(backlog / 4.0)));
            await(scene, () -> done.get(0) == backlog);
            figures.add(Figure.of(at + "all tasks done after", seconds(scene, begin), "s"));
            workers.forEach(Worker::close);
            RequestCounts spent = connections.stream().map(Windlass::requests).reduce(submitted, RequestCounts::plus);
            figures.add(Figure.of(at + "requests of all, for each task",
                    (double) spent.billed() / (backlog + (types - 1) * each), "billed a task"));
            figures.add(new Figure(at + "attempts that failed or were lost",
                    (double) workers.stream().mapToLong(worker -> worker.stats().failed() + worker.stats().leasesLost())
                            .sum(),
                    "", Target.atMost(0)));
            connections.forEach(Windlass::close);
            submitter.close();
        }
    }

    private static double seconds(Scene scene, long begin) {
        return (scene.environment().nanoTime() - begin) / 1e9;
    }

    private static void await(Scene scene, BooleanSupplier condition) throws InterruptedException {
        long end = scene.environment().nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (scene.environment().nanoTime() > end) {
                throw new WindlassException("The workers have not emptied the queue within " + LIMIT + ".");
            }
            scene.environment().sleep(Duration.ofMillis(5));
        }
    }
}
