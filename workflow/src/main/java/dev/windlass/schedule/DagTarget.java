package dev.windlass.schedule;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;

/** A run of a graph that a schedule starts. Immutable; every {@code with} gives a changed copy. */
public final class DagTarget implements ScheduleTarget {
    private final DagDefinition dag;
    private final StartOptions options;

    private DagTarget(DagDefinition dag, StartOptions options) {
        this.dag = dag;
        this.options = options;
    }

    static DagTarget of(DagDefinition dag) {
        return new DagTarget(dag, StartOptions.ofDefaults());
    }

    /**
     * How the run is started: its priority, and the owners that it may lose.
     *
     * @param options with the default for an id that exists: the id is the schedule's matter
     * @throws InvalidInputException if it says otherwise
     */
    public DagTarget withOptions(StartOptions options) {
        if (options.existing() != StartOptions.ExistingId.RETURN) {
            throw new InvalidInputException("A scheduled run says what to do if its id exists: " + options.existing()
                    + ". Leave it at RETURN: each firing has an id of its own.");
        }
        return new DagTarget(dag, options);
    }

    /** The graph. */
    public DagDefinition dag() {
        return dag;
    }

    /** How the run is started. */
    public StartOptions options() {
        return options;
    }

    @Override
    public String toString() {
        return "graph " + dag;
    }
}
