package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How fast a queue drains where every request takes as long as on a bucket. */
final class DrainUnderLatency implements Measure {
    private static final Duration LATENCY = Duration.ofMillis(60);
    private static final int CONCURRENCY = 256;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "3. Drain at 60 ms a request, 256 at once in each process; median of the runs, file: fast";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        Map<String, List<Double>> rates = new TreeMap<>();
        int rounds = scene.size(5, 1);
        int few = scene.size(500, 100);
        int many = scene.size(4000, 200);
        for (int round = 0; round < rounds; round++) {
            for (int tasks : new int[]{few, many}) {
                double here = tasks / scene.bench(scene.fresh(StoreKind.FAST), tasks, CONCURRENCY, 1, LATENCY, 0)
                        .drainSeconds();
                rates.computeIfAbsent(tasks + "/here", key -> new ArrayList<>()).add(here);
                for (int processes : new int[]{1, 2}) {
                    double rate = tasks / scene.benchApart(scene.fresh(StoreKind.FAST), tasks, CONCURRENCY, processes,
                            LATENCY).drainSeconds();
                    rates.computeIfAbsent(tasks + "/" + processes, key -> new ArrayList<>()).add(rate);
                }
            }
        }
        var figures = new ArrayList<Figure>();
        for (int tasks : new int[]{few, many}) {
            double one = Scene.median(rates.getOrDefault(tasks + "/1", List.of()));
            double two = Scene.median(rates.getOrDefault(tasks + "/2", List.of()));
            figures.add(new Figure(tasks + " tasks, the measuring process",
                    Scene.median(rates.getOrDefault(tasks + "/here", List.of())), "tasks/s",
                    tasks == few ? Target.atLeast(700) : Target.NONE));
            figures.add(Figure.of(tasks + " tasks, one process of its own", one, "tasks/s"));
            figures.add(Figure.of(tasks + " tasks, two processes", two, "tasks/s"));
            figures.add(Figure.of(tasks + " tasks, two processes ÷ one", two / one, ""));
        }
        return figures;
    }
}
