package dev.windlass.simulation.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.simulation.Seeded;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Draws graphs: a shape, and for each step what its body does, how often it is tried, and where it may run. */
final class RunGraph {
    /** A kind of step that all workers know. */
    static final String PLAIN = "plain";
    /** A kind that only one of the workers knows. */
    static final String RARE = "rare";
    /** A queue that steps may name. */
    static final String QUEUE = "special";
    /** The words for what a body does; the more frequent ones stand several times. */
    private static final String[] DEEDS = {"quick", "quick", "quick", "quick", "quick", "quick", "slow", "slow", "slow",
        "slower", "stubborn", "flaky", "flaky", "medium", "quick", "null"};

    private final Seeded random;
    private final List<DagStep> steps = new ArrayList<>();
    private final boolean mean;
    private final int fleet;
    private final boolean special;

    private RunGraph(Seeded random, boolean special) {
        this.random = random;
        this.special = special;
        this.mean = random.chance(0.3);
        this.fleet = random.nextInt(4);
    }

    /**
     * Draws one.
     *
     * @param random decides all of it
     * @param special whether steps may name {@link #QUEUE}
     */
    static DagDefinition draw(String name, Seeded random, boolean special) {
        var graph = new RunGraph(random, special);
        graph.shape();
        var builder = DagDefinition.builder(name);
        graph.steps.forEach(builder::step);
        return builder.build();
    }

    private void shape() {
        if (random.chance(0.005)) {
            layers(101 + random.nextInt(40));
            return;
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> chain(1 + random.nextInt(7));
            case 2, 3 -> diamond(2 + random.nextInt(4));
            case 4 -> diamond(5 + random.nextInt(random.chance(0.2) ? 30 : 8));
            case 5 -> wide(3 + random.nextInt(8));
            default -> any(2 + random.nextInt(9));
        }
    }

    private void chain(int length) {
        for (int i = 0; i < length; i++) {
            add("s" + i, i == 0 ? List.of() : List.of("s" + (i - 1)));
        }
    }

    private void diamond(int width) {
        add("first", List.of());
        var middle = new ArrayList<String>();
        for (int i = 0; i < width; i++) {
            middle.add("m-" + i);
            add("m-" + i, List.of("first"));
        }
        add("m", middle);
    }

    private void wide(int width) {
        for (int i = 0; i < width; i++) {
            add("w " + i, List.of());
        }
    }

    /** So many that a checkpoint is written on the way; all quick. */
    private void layers(int size) {
        int width = 6 + random.nextInt(10);
        for (int i = 0; i < size; i++) {
            ObjectNode deed = JsonNodeFactory.instance.objectNode();
            steps.add(DagStep.of("l" + i, PLAIN, deed.put("do", random.chance(0.05) ? "medium" : "quick"),
                    i < width ? List.of() : List.of("l" + (i - width))));
        }
    }

    private void any(int size) {
        for (int i = 0; i < size; i++) {
            var needs = new ArrayList<String>();
            for (int k = 0; k < i; k++) {
                if (random.chance(1.5 / i)) {
                    needs.add("a." + k);
                }
            }
            add("a." + i, needs);
        }
    }

    private void add(String name, List<String> needs) {
        int tries = 1 + random.nextInt(4);
        Duration wait = Duration.ofMillis(random.chance(0.06) ? 35_000 : random.between(50, 3_000));
        Duration timeout = random.chance(0.25)
                ? Duration.ofMillis(random.between(1_000, 20_000))
                : random.chance(0.3) ? null : Duration.ofMinutes(5);
        DagStep step = DagStep.of(name, random.chance(0.08) ? RARE : PLAIN, deed(tries), needs)
                .withRetry(new RetryPolicy(tries, wait, wait.multipliedBy(4), 2, 0.2)).withTimeout(timeout)
                .withPlacement(random.chance(0.2)
                        ? Placement.LOCAL
                        : random.nextInt(6) < fleet ? Placement.FLEET : Placement.AUTO);
        steps.add(special && random.chance(0.15) ? step.withQueue(QUEUE) : step);
    }

    private ObjectNode deed(int tries) {
        ObjectNode deed = JsonNodeFactory.instance.objectNode();
        String word = DEEDS[random.nextInt(DEEDS.length)];
        if (mean && random.chance(0.15)) {
            word = List.of("broken", "hopeless", "flaky", "crash", "crash").get(random.nextInt(5));
        } else if (random.chance(0.008)) {
            word = "big";
        }
        deed.put("do", word);
        switch (word) {
            case "slow" -> deed.put("millis", random.between(200, 3_000));
            case "slower", "stubborn" -> deed.put("millis", random.between(3_000, 14_000));
            case "flaky" -> deed.put("times", mean ? random.nextInt(5) : random.nextInt(tries));
            case "crash" -> deed.put("times", random.chance(0.15) ? 1_000 : 1 + random.nextInt(2));
            default -> deed.put("times", 0);
        }
        return deed;
    }
}
