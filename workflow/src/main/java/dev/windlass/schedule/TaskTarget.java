package dev.windlass.schedule;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.SubmitOptions;
import org.jspecify.annotations.Nullable;

/** A task that a schedule submits. Immutable; every {@code with} gives a changed copy. */
public final class TaskTarget implements ScheduleTarget {
    private final String queue;
    private final String type;
    private final @Nullable Object input;
    private final SubmitOptions options;
    private final @Nullable String fireTimeField;

    private TaskTarget(String queue, String type, @Nullable Object input, SubmitOptions options,
            @Nullable String fireTimeField) {
        this.queue = queue;
        this.type = type;
        this.input = input;
        this.options = options;
        this.fireTimeField = fireTimeField;
    }

    /**
     * A task of a type that is known by its name.
     *
     * @param queue its queue
     * @param type the name of its type
     * @param input its input: a value or a JSON tree; encoded when the schedule is created, at most 256 KiB
     */
    public static TaskTarget of(String queue, String type, @Nullable Object input) {
        return new TaskTarget(queue, type, input, SubmitOptions.ofDefaults(), null);
    }

    /**
     * How the task is submitted and run: priority, retry, time-out.
     *
     * @param options without delay, due time and idempotency key, which are the schedule's matter
     * @throws InvalidInputException if one of those is set
     */
    public TaskTarget withOptions(SubmitOptions options) {
        if (options.delay() != null || options.dueAt() != null || options.idempotencyKey() != null) {
            throw new InvalidInputException("A scheduled task has a delay, a due time or an idempotency key."
                    + " Leave them out: when it runs and how it is told apart is the schedule's matter.");
        }
        return new TaskTarget(queue, type, input, options, fireTimeField);
    }

    /**
     * Puts the fire time into the input, such as {@code 2030-12-24T09:00:00+01:00}: the time at which the task should have
     * been started by the schedule's zone, however late it runs.
     *
     * @param field the name of a field of the input, which must be a JSON object; null for none
     */
    public TaskTarget withFireTime(@Nullable String field) {
        if (field != null && field.isEmpty()) {
            throw new InvalidInputException("The name of the field for the fire time is empty.");
        }
        return new TaskTarget(queue, type, input, options, field);
    }

    /** The queue. */
    public String queue() {
        return queue;
    }

    /** The name of the type. */
    public String type() {
        return type;
    }

    /** The input: as given, or a JSON tree where the schedule was read from the store; null for none. */
    public @Nullable Object input() {
        return input;
    }

    /** How the task is submitted and run. */
    public SubmitOptions options() {
        return options;
    }

    /** The field of the input that holds the fire time, or null. */
    public @Nullable String fireTimeField() {
        return fireTimeField;
    }

    @Override
    public String toString() {
        return "task " + type + " in queue " + queue;
    }
}
