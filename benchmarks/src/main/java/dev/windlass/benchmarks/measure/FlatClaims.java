package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.Windlass;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.store.RequestCounts;

/** What a claim costs with few and with very many tasks waiting behind it: the same. */
final class FlatClaims implements Measure {
    private static final TaskType<Integer, Integer> TYPE = TaskType.of("windlass-flat", Integer.class, Integer.class);
    private static final int AT_ONCE = 16;
    private static final int CHUNK = 10_000;
    /** So that a batch of slots is free at a time, as with handlers that do something. */
    private static final Duration WORK = Duration.ofMillis(20);

    @Override
    public String name() {
        return "flat";
    }

    @Override
    public String title() {
        return "2. Requests from due to completed, by how many tasks wait; 2,000 tasks, one worker, batches of 16";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        int many = scene.size(1_000_000, 3000);
        int tasks = scene.size(2000, 320);
        var figures = new ArrayList<Figure>();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int waiting : new int[]{100, scene.size(10_000, 1000), many}) {
            double spent = measure(scene, waiting, Duration.ZERO, tasks, figures, waiting + " due");
            least = Math.min(least, spent);
            most = Math.max(most, spent);
        }
        double later = measure(scene, many, Duration.ofDays(365), tasks, figures, many + " due in a year");
        figures.add(new Figure("dearest ÷ cheapest", Math.max(most, later) / Math.min(least, later), "",
                Target.atMost(1.05)));
        return figures;
    }

    private static double measure(Scene scene, int waiting, Duration delay, int tasks, List<Figure> figures,
            String what) throws InterruptedException {
        scene.say("planting " + what);
        try (Windlass windlass = Windlass.builder().connect(scene.fresh(StoreKind.MEMORY))) {
            submit(windlass, tasks, Duration.ZERO); // older than what waits, so claimed first
            submit(windlass, waiting, delay);
            RequestCounts before = windlass.requests();
            Monitor monitor = scene.environment().newMonitor();
            var begun = new int[1];
            long completed;
            try (Worker worker = windlass.worker().queue("flat").concurrency(AT_ONCE).sweeper(false)
                    .handle(TYPE, (task, input) -> {
                        scene.environment().sleep(WORK);
                        monitor.lock();
                        try {
                            begun[0]++;
                            monitor.signalAll();
                        } finally {
                            monitor.unlock();
                        }
                        return input;
                    }).start()) {
                monitor.lock();
                try {
                    while (begun[0] < tasks) {
                        monitor.await();
                    }
                } finally {
                    monitor.unlock();
                }
                worker.drain(Duration.ofMinutes(1));
                completed = worker.stats().completed();
            }
            RequestCounts spent = windlass.requests().minus(before);
            double each = (double) spent.billed() / completed;
            figures.add(Figure.of(what + ": PUT " + Figure.number((double) spent.put() / completed) + ", GET "
                    + Figure.number((double) spent.get() / completed) + ", LIST "
                    + Figure.number((double) spent.list() / completed), each, "billed a task"));
            return each;
        }
    }

    private static void submit(Windlass windlass, int tasks, Duration delay) {
        SubmitOptions options = SubmitOptions.ofDefaults().withDelay(delay);
        for (int from = 0; from < tasks; from += CHUNK) {
            List<Integer> inputs = IntStream.range(from, Math.min(tasks, from + CHUNK)).boxed().toList();
            windlass.queue("flat").submitAll(TYPE, inputs, options);
        }
    }
}
