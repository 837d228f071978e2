package dev.windlass.workflow;

import java.time.Duration;
import java.util.List;

import dev.windlass.queue.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One step of a {@link DagDefinition}. Immutable; the JSON tree must not be changed. Names are checked when the
 * definition is built.
 *
 * @param name names it in its graph; any text of at most 200 bytes once percent-encoded
 * @param kind what to do: the name that a {@link StepHandler} is registered by
 * @param input its static input, or null for none
 * @param needs the names of the steps whose results it needs; {@link #RUN_INPUT} among them for the input of the run
 * @param options how it is tried, timed and placed, and what its failure means
 * @param conditions what must hold for it to run, all of them; it is skipped otherwise
 * @param map if it runs once for each item of a list, of which; else null
 */
public record DagStep(String name, String kind, @Nullable JsonNode input, List<String> needs, StepOptions options,
        List<StepCondition> conditions, @Nullable MapOver map) {
    /** Among the needs of a step: the input of the run. No step may have this name. */
    public static final String RUN_INPUT = "$input";

    static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** Copies the lists. */
    public DagStep {
        needs = List.copyOf(needs);
        conditions = List.copyOf(conditions);
    }

    /**
     * A step with the defaults: 4 tries, 5 minutes each, placed by the engine.
     *
     * @param name names it in its graph
     * @param kind the name that its handler is registered by
     * @param input its static input, or null for none
     * @param needs the names of the steps whose results it needs
     */
    public static DagStep of(String name, String kind, @Nullable JsonNode input, List<String> needs) {
        return new DagStep(name, kind, input, needs, StepOptions.ofDefaults(), List.of(), null);
    }

    /** How often to try it, and how long to wait between the tries. */
    public RetryPolicy retry() {
        return options.retry();
    }

    /** How long one try may take, or null for no limit. */
    @Nullable
    public Duration timeout() {
        return options.timeout();
    }

    /** Where it may run. */
    public Placement placement() {
        return options.placement();
    }

    /** The queue that it waits in as a task of its own, or null for the engine's. */
    @Nullable
    public String queue() {
        return options.queue();
    }

    /**
     * The same step with other options.
     *
     * @param options all of them: those that it had are gone
     */
    public DagStep withOptions(StepOptions options) {
        return new DagStep(name, kind, input, needs, options, conditions, map);
    }

    /**
     * The same step with other tries.
     *
     * @param retry how often, and how long to wait between
     */
    public DagStep withRetry(RetryPolicy retry) {
        return withOptions(options.withRetry(retry));
    }

    /**
     * The same step with another time-out.
     *
     * @param timeout more than zero, at most ten years; null for no limit
     */
    public DagStep withTimeout(@Nullable Duration timeout) {
        return withOptions(options.withTimeout(timeout));
    }

    /**
     * The same step, placed otherwise.
     *
     * @param placement where it may run
     */
    public DagStep withPlacement(Placement placement) {
        return withOptions(options.withPlacement(placement));
    }

    /**
     * The same step as a task of a named queue.
     *
     * @param queue its name, or null for the engine's
     */
    public DagStep withQueue(@Nullable String queue) {
        return withOptions(options.withQueue(queue));
    }

    /**
     * The same step by another name.
     *
     * @param name names it in its graph
     */
    public DagStep withName(String name) {
        return new DagStep(name, kind, input, needs, options, conditions, map);
    }

    /**
     * The same step under conditions.
     *
     * @param conditions what must hold for it to run, all of them; empty for none
     */
    public DagStep withConditions(List<StepCondition> conditions) {
        return new DagStep(name, kind, input, needs, options, conditions, map);
    }

    /**
     * The same step for each item of a list.
     *
     * @param map of which list, or null for a step that runs once
     */
    public DagStep withMap(@Nullable MapOver map) {
        return new DagStep(name, kind, input, needs, options, conditions, map);
    }
}
