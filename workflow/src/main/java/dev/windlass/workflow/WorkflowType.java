package dev.windlass.workflow;

import java.lang.reflect.Type;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TypeRef;

/**
 * A kind of durable function: its name and version in the store, and what goes in and comes out. Shared by those who start
 * runs and those who register the function, usually as a constant. Immutable.
 *
 * @param <I> the input
 * @param <O> the result
 */
@SuppressWarnings("UnusedTypeParameter") // the arguments bind starters to functions
public final class WorkflowType<I, O> {
    private final String name;
    private final int version;
    private final Type inputType;
    private final Type outputType;

    private WorkflowType(String name, int version, Type inputType, Type outputType) {
        if (name.isEmpty()) {
            throw new InvalidInputException(
                    "The name of a workflow type is empty. Give it a name such as \"checkout\".");
        }
        this.name = name;
        this.version = version;
        this.inputType = inputType;
        this.outputType = outputType;
    }

    /**
     * A type of version 1 by classes.
     *
     * @param name its name in the store; any text of at most 180 bytes once percent-encoded
     * @param input the class of the input; {@code Void.class} for none
     * @param output the class of the result; {@code Void.class} for none
     */
    public static <I, O> WorkflowType<I, O> of(String name, Class<I> input, Class<O> output) {
        return new WorkflowType<>(name, 1, input, output);
    }

    /**
     * A type of version 1 by type references, for generic inputs or results.
     *
     * @param name its name in the store; any text of at most 180 bytes once percent-encoded
     * @param input the type of the input
     * @param output the type of the result
     */
    public static <I, O> WorkflowType<I, O> ofGeneric(String name, TypeRef<I> input, TypeRef<O> output) {
        return new WorkflowType<>(name, 1, input.type(), output.type());
    }

    /**
     * The same in another version. A run keeps the version that it was started with; only workers that have registered that
     * very version take it. Register the old function beside the new one for as long as it has runs.
     *
     * @param version 1 or more
     */
    public WorkflowType<I, O> withVersion(int version) {
        if (version < 1) {
            throw new InvalidInputException("The version of workflow type '" + name + "' is " + version
                    + ". Use 1 or more.");
        }
        return new WorkflowType<>(name, version, inputType, outputType);
    }

    /** Its name in the store. */
    public String name() {
        return name;
    }

    /** Its version, from 1. */
    public int version() {
        return version;
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
        return version == 1 ? name : name + " v" + version;
    }
}
