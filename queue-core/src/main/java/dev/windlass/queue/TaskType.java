package dev.windlass.queue;

import java.lang.reflect.Type;

import dev.windlass.InvalidInputException;

/**
 * A kind of task: its name in the store, and what goes in and comes out. Shared by those who submit and those who
 * handle, usually as a constant. Immutable.
 *
 * @param <I> the input
 * @param <O> the result
 */
@SuppressWarnings("UnusedTypeParameter") // the arguments bind submitters to handlers
public final class TaskType<I, O> {
    private final String name;
    private final Type inputType;
    private final Type outputType;
    private final SubmitOptions defaults;

    private TaskType(String name, Type inputType, Type outputType, SubmitOptions defaults) {
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a task type is empty. Give it a name such as \"send-email\".");
        }
        this.name = name;
        this.inputType = inputType;
        this.outputType = outputType;
        this.defaults = defaults;
    }

    /**
     * A type by classes.
     *
     * @param name its name in the store; any text of at most 200 bytes
     * @param input the class of the input
     * @param output the class of the result; {@code Void.class} for none
     */
    public static <I, O> TaskType<I, O> of(String name, Class<I> input, Class<O> output) {
        return new TaskType<>(name, input, output, SubmitOptions.ofDefaults());
    }

    /**
     * A type by type references, for generic inputs or results.
     *
     * @param name its name in the store; any text of at most 200 bytes
     * @param input the type of the input
     * @param output the type of the result
     */
    public static <I, O> TaskType<I, O> ofGeneric(String name, TypeRef<I> input, TypeRef<O> output) {
        return new TaskType<>(name, input.type(), output.type(), SubmitOptions.ofDefaults());
    }

    /**
     * The same type, whose tasks are submitted with these options where none are given. Start from {@link #defaults} to change
     * some of them for one task: {@code submit(TYPE, input, TYPE.defaults().withDelay(…))}.
     *
     * @param options without an id and an idempotency key, which would make all tasks one
     * @throws InvalidInputException if they have one
     */
    public TaskType<I, O> withDefaults(SubmitOptions options) {
        if (options.id() != null || options.idempotencyKey() != null) {
            throw new InvalidInputException("The defaults of the task type \"" + name + "\" have "
                    + (options.id() != null ? "an id" : "an idempotency key")
                    + ", which would make all its tasks one. Give it to each task.");
        }
        return new TaskType<>(name, inputType, outputType, options);
    }

    /** With which options its tasks are submitted where none are given. */
    public SubmitOptions defaults() {
        return defaults;
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
