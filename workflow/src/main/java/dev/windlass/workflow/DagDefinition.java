package dev.windlass.workflow;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A graph of named steps, checked when it is built: what exists has no cycle, and every need is met. Immutable.
 *
 * <pre>{@code
 * DagDefinition dag = DagDefinition.builder("report")
 *         .step("fetch", "http-get", url)
 *         .step("parse", "parse", null, "fetch")
 *         .build();
 * }</pre>
 *
 * <p>As JSON: {@code {"name": …, "version": 1, "steps": [{"name": …, "kind": …, "input": …, "needs": […], "retry": {"maxAttempts": …,
 * "initialDelay": "PT1S", "maxDelay": "PT1M", "multiplier": 2, "jitter": 0.25, "nonRetryable": […]}, "timeout": "PT5M" or
 * null, "onFailure": "FAIL", "atMostOnce": false, "placement": "AUTO", "queue": …, "priority": …, "when": [{"step": …,
 * "at": "/pointer", "is": …}], "map": {"over": …, "parallel": …}}]}}, of which only the names and the kind must be given;
 * docs/workflow.md says what each is.
 */
public final class DagDefinition {
    private final String name;
    private final int version;
    private final List<DagStep> steps;
    private final String hash;

    private DagDefinition(String name, int version, List<DagStep> steps) {
        this.name = name;
        this.version = version;
        this.steps = List.copyOf(steps);
        List<String> problems = DagChecks.problems(name, this.steps);
        if (version < 1) {
            problems.add("its version is " + version + ": use 1 or more");
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(DagChecks.message(name, problems));
        }
        this.hash = DagJson.hash(this);
    }

    static DagDefinition of(String name, int version, List<DagStep> steps) {
        return new DagDefinition(name, version, steps);
    }

    /**
     * Begins a graph.
     *
     * @param name what the graph is called; at most 200 bytes once percent-encoded
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Reads a graph from its JSON form.
     *
     * @param json as described above; fields that are not known are ignored
     * @throws InvalidInputException if it is no such graph; the message lists all that is wrong with it
     */
    public static DagDefinition fromJson(JsonNode json) {
        return DagJson.read(json);
    }

    /** Its JSON form, a fresh tree; what is as by default is left out. */
    public ObjectNode toJson() {
        return DagJson.write(this);
    }

    /** What the graph is called. */
    public String name() {
        return name;
    }

    /** Its version, from 1: of a {@link Dag}, which workers may run it. */
    public int version() {
        return version;
    }

    /** Its steps, in the order in which they were given. */
    public List<DagStep> steps() {
        return steps;
    }

    /** SHA-256 of a canonical form, lower-case hex: the same for graphs that differ only in the order of things. */
    public String hash() {
        return hash;
    }

    @Override
    public String toString() {
        return name + " (" + steps.size() + " steps)";
    }

    /** Collects steps. Not safe for use by several threads. */
    public static final class Builder {
        private final String name;
        private final List<DagStep> steps = new ArrayList<>();
        private int version = 1;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Gives the graph a version.
         *
         * @param version 1 or more; default 1
         */
        public Builder version(int version) {
            this.version = version;
            return this;
        }

        /**
         * Adds a step.
         *
         * @param step the step
         */
        public Builder step(DagStep step) {
            steps.add(step);
            return this;
        }

        /**
         * Adds a step with the defaults.
         *
         * @param stepName names it in this graph
         * @param kind the name that its handler is registered by
         * @param input its static input, or null for none
         * @param needs the names of the steps whose results it needs; they may be added later
         */
        public Builder step(String stepName, String kind, @Nullable JsonNode input, String... needs) {
            return step(DagStep.of(stepName, kind, input, List.of(needs)));
        }

        /**
         * Checks the graph.
         *
         * @throws InvalidInputException if there is no step, a cycle, an unknown need, a name twice, a step that needs
         *             itself, a name that is empty or too long; the message lists all of it
         */
        public DagDefinition build() {
            return new DagDefinition(name, version, steps);
        }
    }
}
