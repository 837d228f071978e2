package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;

/**
 * Makes graphs with the published structure of known pipelines, or of plain shapes, and with plausible runtimes. The
 * same kind, size and seed give the same graph, on every platform. Safe for use by any number of threads.
 */
public final class GraphGenerator {
    /** The largest graph that is made. */
    public static final int MAX_SIZE = 1_000_000;

    private GraphGenerator() {
    }

    /**
     * Makes a graph.
     *
     * @param size wanted number of tasks, from {@link GraphKind#smallestSize} to {@link #MAX_SIZE}. Where the kind
     *     cannot have exactly so many (Montage: 11, 12 and 15; Epigenomics: even numbers and 11) the nearest possible
     *     number is taken, the smaller of two
     * @param seed any number; decides the runtimes, and the links where the kind leaves them free
     * @throws InvalidInputException if the size is out of range
     */
    public static WorkflowGraph generate(GraphKind kind, int size, long seed) {
        if (size < kind.smallestSize()) {
            throw new InvalidInputException("a graph of kind " + kind.word() + " cannot have " + size
                    + " tasks; its smallest size is " + kind.smallestSize());
        }
        if (size > MAX_SIZE) {
            throw new InvalidInputException("size " + size + " is too large; at most " + MAX_SIZE + " tasks");
        }
        var draw = new SeededDraw(seed);
        List<GraphTask> tasks = switch (kind) {
            case MONTAGE -> MontageShape.tasks(size, draw);
            case EPIGENOMICS -> EpigenomicsShape.tasks(size, draw);
            case CHAIN -> chain(size, draw);
            case FANOUT -> fanout(size, draw);
            case RANDOM -> random(size, draw);
        };
        return WorkflowGraph.of(kind.word() + "-" + tasks.size(), tasks);
    }

    private static List<GraphTask> chain(int size, SeededDraw draw) {
        var listing = new TaskListing();
        String last = listing.add("step", draw.around(1, 0.5));
        for (int i = 1; i < size; i++) {
            last = listing.add("step", draw.around(1, 0.5), last);
        }
        return listing.tasks();
    }

    private static List<GraphTask> fanout(int size, SeededDraw draw) {
        var listing = new TaskListing();
        String split = listing.add("split", draw.around(1, 0.3));
        List<String> work = new ArrayList<>();
        for (int i = 0; i < size - 2; i++) {
            work.add(listing.add("work", draw.around(10, 0.3), split));
        }
        listing.add("gather", draw.around(2, 0.3), work);
        return listing.tasks();
    }

    private static List<GraphTask> random(int size, SeededDraw draw) {
        var listing = new TaskListing();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<String> parents = new ArrayList<>();
            int window = Math.min(i, 8 + (int) StrictMath.sqrt(2.0 * size));
            double wanted = draw.fraction();
            int links = wanted < 0.08 ? 0 : wanted < 0.55 ? 1 : wanted < 0.85 ? 2 : 3;
            for (int link = 0; link < links && window > 0; link++) {
                parents.add(ids.get(i - 1 - draw.below(window)));
            }
            ids.add(listing.add("task", draw.around(3, 0.8), parents));
        }
        return listing.tasks();
    }
}
