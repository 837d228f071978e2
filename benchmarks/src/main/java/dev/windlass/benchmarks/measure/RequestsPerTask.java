package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.cli.bench.BenchResult;

/** What a task costs in all: 1,000 tasks, one worker, claims in batches. */
final class RequestsPerTask implements Measure {
    private static final double MOST = 5.2;

    @Override
    public String name() {
        return "requests";
    }

    @Override
    public String title() {
        return "1. Requests per task, submission included; 1,000 tasks, one worker, 64 at once";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : scene.kinds(StoreKind.MEMORY, StoreKind.FAST, StoreKind.S3)) {
            int tasks = scene.size(1000, 200);
            BenchResult result = scene.bench(scene.fresh(kind), tasks, 64, 1, Duration.ZERO, 0);
            figures.add(new Figure(kind.title() + ", billed (PUT, GET, LIST)", result.requestsPerTask(),
                    "requests a task", Target.atMost(MOST)));
            figures.add(Figure.of(kind.title() + ", DELETE", (double) result.requests().delete() / tasks,
                    "requests a task"));
        }
        return figures;
    }
}
