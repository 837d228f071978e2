package dev.windlass.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.queue.Worker;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.RequestCounts;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.Workflows;

/** What runs of graphs cost, and how long they take. */
final class GraphRuns implements Measure {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "graphs";
    }

    @Override
    public String title() {
        return "7. Runs of graphs: chains, 10,000 steps, and a wide stage of sleeping steps over several processes";
    }

    @Override
    public List<Figure> run(Scene scene) throws InterruptedException {
        var figures = new ArrayList<Figure>();
        for (StoreKind kind : scene.kinds(StoreKind.MEMORY, StoreKind.FAST, StoreKind.S3)) {
            scene.say(kind.title() + ", chains");
            chains(scene, kind, figures);
        }
        for (StoreKind kind : scene.kinds(StoreKind.MEMORY, StoreKind.FAST)) {
            scene.say(kind.title() + ", many steps");
            many(scene, kind, figures);
        }
        for (StoreKind kind : scene.kinds(StoreKind.FAST, StoreKind.S3)) {
            double alone = 0;
            for (int processes = 1; processes <= scene.size(4, 1); processes *= 2) {
                scene.say(kind.title() + ", wide, " + processes + (processes == 1 ? " process" : " processes"));
                double seconds = wide(scene, kind, processes, figures);
                alone = processes == 1 ? seconds : alone;
                figures.add(Figure.of(kind.title() + ", the same by " + processes
                        + (processes == 1 ? " process" : " processes") + ": times as fast as by 1", alone / seconds,
                        ""));
            }
        }
        return figures;
    }

    private static void chains(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        try (ObjectStore store = scene.open(scene.fresh(kind));
                Windlass windlass = Windlass.builder().environment(scene.environment()).over(store)) {
            double put = PickUp.roundTrip(scene, store);
            Workflows workflows = Graphs.on(windlass);
            try (Worker worker = Graphs.start(workflows, windlass)) {
                for (int i = 0; i < scene.size(20, 2); i++) {
                    workflows.start(Graphs.chain(10), "warm-up-" + i).await(LIMIT);
                }
                for (int length : new int[]{1, 10, 100}) {
                    chain(scene, windlass, workflows, kind.title() + ", chain of " + length, length, put, figures);
                }
                scene.say(kind.title() + ": " + worker.stats().ended() + " runs");
            }
        }
    }

    private static void chain(Scene scene, Windlass windlass, Workflows workflows, String what, int length, double put,
            List<Figure> figures) throws InterruptedException {
        int rounds = scene.size(20, 2);
        var millis = new ArrayList<Double>();
        RequestCounts before = windlass.requests();
        for (int i = 0; i < rounds; i++) {
            long start = scene.environment().nanoTime();
            workflows.start(Graphs.chain(length), what + " " + i).await(LIMIT);
            millis.add((scene.environment().nanoTime() - start) / 1e6);
        }
        scene.environment().sleep(Duration.ofMillis(500)); // deletes come off the critical path
        RequestCounts spent = windlass.requests().minus(before);
        figures.add(new Figure(what + ": PUT", (double) spent.put() / rounds, "requests", Target.atMost(length + 9.0)));
        figures.add(Figure.of(what + ": GET and LIST, the worker's polls included",
                (double) (spent.get() + spent.list()) / rounds, "requests"));
        double median = Scene.median(millis);
        figures.add(Figure.of(what + ": start to result", median, "ms"));
        if (length > 1) {
            figures.add(Figure.of(what + ": a step", median / length, "ms"));
            figures.add(Figure.of(what + ": a step ÷ the store's own PUT", median / length / put, ""));
        }
    }

    private static void many(Scene scene, StoreKind kind, List<Figure> figures) throws InterruptedException {
        int steps = scene.size(10_000, 300);
        DagDefinition dag = Graphs.layers(steps);
        String what = kind.title() + ", " + steps + " steps";
        try (ObjectStore store = scene.open(scene.fresh(kind));
                Windlass windlass = Windlass.builder().environment(scene.environment()).over(store)) {
            Workflows workflows = Graphs.on(windlass);
            try (Worker worker = Graphs.start(workflows, windlass)) {
                workflows.start(Graphs.layers(100), "warm-up").await(LIMIT);
                RequestCounts before = windlass.requests();
                long start = scene.environment().nanoTime();
                var peak = new Peak(scene.environment());
                workflows.start(dag, "many").await(LIMIT);
                double seconds = (scene.environment().nanoTime() - start) / 1e9;
                figures.add(Figure.of(what + ": start to result", seconds, "s"));
                figures.add(Figure.of(what + ": steps a second", steps / seconds, "steps/s"));
                figures.add(Figure.of(what + ": PUT a step",
                        (double) windlass.requests().minus(before).put() / steps, "requests"));
                figures.add(Figure.of(what + (kind == StoreKind.MEMORY
                        ? ": heap above that before, the store's objects included, at most"
                        : ": heap above that before, at most"), peak.mebibytes(), "MiB"));
                scene.say(what + ": " + worker.stats().ended() + " runs");
            }
        }
    }

    private static double wide(Scene scene, StoreKind kind, int processes, List<Figure> figures)
            throws InterruptedException {
        int width = scene.size(5_000, 100);
        int millis = scene.size(100, 10);
        String uri = scene.fresh(kind);
        String what = kind.title() + ", " + width + " steps of " + millis + " ms side by side, " + processes
                + (processes == 1 ? " process" : " processes");
        try (ObjectStore store = scene.open(uri);
                Windlass windlass = Windlass.builder().environment(scene.environment()).over(store);
                var others = new OtherProcesses(scene, uri, processes, "--graphs")) {
            Workflows workflows = Graphs.on(windlass);
            others.awaitReady();
            workflows.start(Graphs.wide(16, 0), "warm-up").await(LIMIT);
            long start = scene.environment().nanoTime();
            workflows.start(Graphs.wide(width, millis), "wide").await(LIMIT);
            double seconds = (scene.environment().nanoTime() - start) / 1e9;
            figures.add(Figure.of(what + ": start to result", seconds, "s"));
            return seconds;
        }
    }
}
