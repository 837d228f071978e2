package dev.windlass.workflow;

import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
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
 * @param needs the names of the steps whose results it needs
 * @param retry how often to try it, and how long to wait between the tries
 * @param timeout how long one try may take, or null for no limit
 * @param placement where it may run
 * @param queue the queue that it waits in as a task of its own, or null for the engine's; one that names a queue always
 *            runs as a task of its own
 */
public record DagStep(String name, String kind, @Nullable JsonNode input, List<String> needs, RetryPolicy retry,
        @Nullable Duration timeout, Placement placement, @Nullable String queue) {
    static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

    /** Copies the list, and checks the time-out. */
    public DagStep {
        needs = List.copyOf(needs);
        if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.toDays() > 3660)) {
            throw new InvalidInputException("The time-out of step '" + name + "' is " + timeout
                    + ". Use more than zero and at most ten years, or null for none.");
        }
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
        return new DagStep(name, kind, input, needs, RetryPolicy.ofDefaults(), DEFAULT_TIMEOUT, Placement.AUTO, null);
    }

    /**
     * The same step with other tries.
     *
     * @param retry how often, and how long to wait between
     */
    public DagStep withRetry(RetryPolicy retry) {
        return new DagStep(name, kind, input, needs, retry, timeout, placement, queue);
    }

    /**
     * The same step with another time-out.
     *
     * @param timeout more than zero, at most ten years; null for no limit
     */
    public DagStep withTimeout(@Nullable Duration timeout) {
        return new DagStep(name, kind, input, needs, retry, timeout, placement, queue);
    }

    /**
     * The same step, placed otherwise.
     *
     * @param placement where it may run
     */
    public DagStep withPlacement(Placement placement) {
        return new DagStep(name, kind, input, needs, retry, timeout, placement, queue);
    }

    /**
     * The same step as a task of a named queue.
     *
     * @param queue its name, or null for the engine's
     */
    public DagStep withQueue(@Nullable String queue) {
        return new DagStep(name, kind, input, needs, retry, timeout, placement, queue);
    }
}
