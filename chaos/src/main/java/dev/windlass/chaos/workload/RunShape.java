package dev.windlass.chaos.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Graphs of random shape, and what each step of one must yield. */
public final class RunShape {
    /** The kind of all steps. */
    static final String STEP_KIND = "chaos-step";
    private static final int LARGE = 300_000;
    private static final RetryPolicy PLENTY = new RetryPolicy(1000, Duration.ofMillis(100), Duration.ofMillis(500), 2,
            0.25);

    private RunShape() {
    }

    /** Draws a graph: a random one, or in one case of four a wide one, whose steps go out to other workers. */
    static DagDefinition draw(String name, RandomGenerator random) {
        boolean fatal = random.nextInt(8) == 0;
        DagDefinition.Builder dag = DagDefinition.builder(name);
        if (random.nextInt(4) == 0) {
            int width = 6 + random.nextInt(8);
            int failing = fatal ? random.nextInt(width) : -1;
            dag.step(step("root", random, false, false, List.of()));
            var middle = new ArrayList<String>();
            for (int i = 0; i < width; i++) {
                middle.add("m" + i);
                dag.step(step("m" + i, random, i == failing, false, List.of("root")).withPlacement(
                        random.nextInt(3) == 0 ? Placement.AUTO : Placement.FLEET));
            }
            dag.step(step("last", random, false, false, middle));
            return dag.build();
        }
        int size = 3 + random.nextInt(7);
        int failing = fatal ? random.nextInt(size) : -1;
        for (int i = 0; i < size; i++) {
            var needs = new TreeSet<String>();
            for (int need = i == 0 ? 0 : random.nextInt(3); need > 0; need--) {
                needs.add("s" + random.nextInt(i));
            }
            dag.step(step("s" + i, random, i == failing, random.nextInt(20) == 0, List.copyOf(needs)));
        }
        return dag.build();
    }

    /** Draws a step. */
    public static DagStep step(String name, RandomGenerator random, boolean fatal, boolean large,
            List<String> needs) {
        ObjectNode input = JsonNodeFactory.instance.objectNode().put("millis", random.nextInt(250))
                .put("failures", random.nextInt(5) == 0 ? 1 : 0).put("fatal", fatal).put("large", large);
        return DagStep.of(name, STEP_KIND, input, needs).withRetry(PLENTY);
    }

    /**
     * What a step must yield.
     *
     * @param name the step
     * @param parents digests of its parents' results, by name
     * @param input its input
     */
    static String result(String name, Map<String, String> parents, JsonNode input) {
        String digest = Job.digest(name + new TreeMap<>(parents));
        return input.path("large").asBoolean(false) ? Job.pad(digest, LARGE) : digest;
    }

    /**
     * How a run must end.
     *
     * @param results what each step must yield, of those that must end well or may
     * @param parents what each step is given: digests of its parents' results, as text
     * @param fatal the steps that fail for good: one or none
     * @param barred the steps that must never start, since they need one that fails
     */
    public record Expected(Map<String, String> results, Map<String, String> parents, List<String> fatal,
            List<String> barred) {

        /** Whether the whole run fails. */
        public boolean fails() {
            return !fatal.isEmpty();
        }
    }

    /** Works a graph out. Steps stand behind those that they need, as {@link #draw} makes them. */
    public static Expected expected(DagDefinition dag) {
        var results = new LinkedHashMap<String, String>();
        var given = new LinkedHashMap<String, String>();
        var fatal = new ArrayList<String>();
        var barred = new ArrayList<String>();
        for (DagStep step : dag.steps()) {
            if (step.needs().stream().anyMatch(need -> fatal.contains(need) || barred.contains(need))) {
                barred.add(step.name());
                continue;
            }
            var parents = new TreeMap<String, String>();
            step.needs().forEach(need -> parents.put(need, Job.digest(results.getOrDefault(need, ""))));
            given.put(step.name(), parents.toString());
            JsonNode input = step.input();
            if (input == null) {
                throw new IllegalArgumentException("step " + step.name() + " of " + dag + " has no input");
            }
            if (input.path("fatal").asBoolean(false)) {
                fatal.add(step.name());
            } else {
                results.put(step.name(), result(step.name(), parents, input));
            }
        }
        return new Expected(results, given, fatal, barred);
    }
}
