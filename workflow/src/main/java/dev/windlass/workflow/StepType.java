package dev.windlass.workflow;

import java.lang.reflect.Type;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TypeRef;

/**
 * A kind of step that any worker may run that has registered it: its name in the store, and what goes in and comes out.
 * Immutable.
 *
 * @param <I> the input
 * @param <O> the result
 */
@SuppressWarnings("UnusedTypeParameter") // the arguments bind callers to handlers
public final class StepType<I, O> {
    private final String name;
    private final Type inputType;
    private final Type outputType;

    private StepType(String name, Type inputType, Type outputType) {
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a step type is empty. Give it a name such as \"render\".");
        }
        this.name = name;
        this.inputType = inputType;
        this.outputType = outputType;
    }

    /**
     * A type by classes.
     *
     * @param name its name in the store: the kind that definitions of graphs name, too
     * @param input the class of the input
     * @param output the class of the result; {@code Void.class} for none
     */
    public static <I, O> StepType<I, O> of(String name, Class<I> input, Class<O> output) {
        return new StepType<>(name, input, output);
    }

    /**
     * A type by type references, for generic inputs or results.
     *
     * @param name its name in the store
     * @param input the type of the input
     * @param output the type of the result
     */
    public static <I, O> StepType<I, O> ofGeneric(String name, TypeRef<I> input, TypeRef<O> output) {
        return new StepType<>(name, input.type(), output.type());
    }

    /** Its name in the store. */
    public String name() {
        return name;
    }

    /** The type of the input. */
    public Type inputType() {
        return inputType;
    }

    /** The type of the result. */
    public Type outputType() {
        return outputType;
    }

    @Override
    public String toString() {
        return name;
    }
}
