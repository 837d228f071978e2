package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.util.Optional;

/**
 * A step of a {@link Dag} that is being defined, as a value: what its result will be. Got from {@link DagBuilder} when the
 * step is added, and given to the steps that need it, so that a step can only need what was added before: no cycle can be
 * written. Immutable.
 *
 * @param <T> the result
 */
@SuppressWarnings("UnusedTypeParameter") // binds a step to the bodies that take its result
public final class StepRef<T> {
    private final Object graph;
    private final String name;
    private final Type type;
    private final boolean maybeAbsent;
    private final boolean optional;

    private StepRef(Object graph, String name, Type type, boolean maybeAbsent, boolean optional) {
        this.graph = graph;
        this.name = name;
        this.type = type;
        this.maybeAbsent = maybeAbsent;
        this.optional = optional;
    }

    static <T> StepRef<T> of(Object graph, String name, Type type, boolean maybeAbsent) {
        return new StepRef<>(graph, name, type, maybeAbsent, false);
    }

    /**
     * The same step for those that do with or without its result: empty if it was skipped, if it has failed and the run
     * goes on ({@link OnFailure#CONTINUE}), or if its result is null. A step that may end in such a way can be taken only
     * so.
     */
    @SuppressWarnings("unchecked") // of an optional reference T is an Optional, and it stays one
    public StepRef<Optional<T>> optional() {
        return optional ? (StepRef<Optional<T>>) this : new StepRef<>(graph, name, type, maybeAbsent, true);
    }

    /** The step's name. */
    public String name() {
        return name;
    }

    Object graph() {
        return graph;
    }

    /** Of the value as it is stored: without the {@link Optional}. */
    Type type() {
        return type;
    }

    boolean isOptional() {
        return optional;
    }

    /** Whether its result may be absent, and whoever takes it does not say so. */
    boolean isUnchecked() {
        return maybeAbsent && !optional;
    }

    @Override
    public String toString() {
        return name;
    }
}
