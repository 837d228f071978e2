package dev.windlass.workflow;

import dev.windlass.InvalidInputException;

/**
 * Makes a step of a graph a map step: it runs once for each item of a list, and its result is the list of their results,
 * in the order of the items. Its handler gets the item where it would get the list. Each item is a step of its own, called
 * {@code name[0]}, {@code name[1]} and so on: tried, timed, placed and recorded like any other; what is said of the step's
 * tries, time-out, placement and queue holds for each of them. An item without a result (see
 * {@link StepResult#SKIPPED}) is a null in the list.
 *
 * <p>Immutable.
 *
 * @param step the step that gives the list: one of the needs, or {@link DagStep#RUN_INPUT}
 * @param parallel how many items may be at work at once, 1 or more; 0 for as many as there is room for
 */
public record MapOver(String step, int parallel) {
    /** More items than this fail the map step. */
    public static final int MOST_ITEMS = 100_000;

    /** Checks the number. */
    public MapOver {
        if (parallel < 0) {
            throw new InvalidInputException("The parallelism of a map over '" + step + "' is " + parallel
                    + ". Use 1 or more, or 0 for as many as there is room for.");
        }
    }
}
