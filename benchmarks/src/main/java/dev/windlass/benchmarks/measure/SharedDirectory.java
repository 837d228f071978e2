package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.cli.bench.BenchResult;

/** Processes that share a directory. */
final class SharedDirectory implements Measure {
    private static final int CONCURRENCY = 64;
    private static final int[] PROCESSES = {1, 2, 4};

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public String title() {
        return "9. Processes that share a directory, 64 tasks at once in each; medians";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : List.of(StoreKind.FAST, StoreKind.DURABLE)) {
            measure(scene, kind, figures);
        }
        return figures;
    }

    private static void measure(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        int tasks = kind == StoreKind.FAST ? scene.size(4000, 200) : scene.size(1000, 60);
        Map<Integer, List<Double>> drained = new TreeMap<>();
        Map<Integer, List<Double>> together = new TreeMap<>();
        for (int round = 0; round < scene.size(3, 1); round++) {
            for (int processes : PROCESSES) {
                scene.say(kind.title() + ", " + processes + " processes, round " + (round + 1));
                BenchResult result = scene.benchApart(scene.fresh(kind), tasks, CONCURRENCY, processes, Duration.ZERO);
                drained.computeIfAbsent(processes, key -> new ArrayList<>()).add(tasks / result.drainSeconds());
                together.computeIfAbsent(processes, key -> new ArrayList<>()).add(result.tasksPerSecond());
            }
        }
        drained.forEach((processes, rates) -> {
            String what = kind.title() + ", " + processes + (processes == 1 ? " process" : " processes");
            figures.add(new Figure(what + ": submitted by one process, and run",
                    Scene.median(together.getOrDefault(processes, List.of())), "tasks/s",
                    kind == StoreKind.FAST ? Target.atLeast(2000) : Target.NONE));
            figures.add(Figure.of(what + ": run", Scene.median(rates), "tasks/s"));
        });
        figures.add(Figure.of(kind.title() + ": run by 4 processes ÷ by one",
                Scene.median(drained.getOrDefault(4, List.of())) / Scene.median(drained.getOrDefault(1, List.of())),
                ""));
    }
}
