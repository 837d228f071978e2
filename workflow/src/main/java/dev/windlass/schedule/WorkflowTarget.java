package dev.windlass.schedule;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.StartOptions;
import org.jspecify.annotations.Nullable;

/** A run of a durable function that a schedule starts. Immutable; every {@code with} gives a changed copy. */
public final class WorkflowTarget implements ScheduleTarget {
    private final String type;
    private final int version;
    private final @Nullable Object input;
    private final StartOptions options;
    private final @Nullable String fireTimeField;

    private WorkflowTarget(String type, int version, @Nullable Object input, StartOptions options,
            @Nullable String fireTimeField) {
        this.type = type;
        this.version = version;
        this.input = input;
        this.options = options;
        this.fireTimeField = fireTimeField;
    }

    /**
     * A run of a type that is known by its name.
     *
     * @param type the name of the type
     * @param version its version, from 1
     * @param input its input: a value or a JSON tree; encoded when the schedule is created, at most 256 KiB
     * @throws InvalidInputException if the version is below 1
     */
    public static WorkflowTarget of(String type, int version, @Nullable Object input) {
        if (version < 1) {
            throw new InvalidInputException("The version of the scheduled workflow type '" + type + "' is " + version
                    + ". Use 1 or more.");
        }
        return new WorkflowTarget(type, version, input, StartOptions.ofDefaults(), null);
    }

    /**
     * How the run is started: its priority, and the owners that it may lose.
     *
     * @param options with the default for an id that exists: the id is the schedule's matter
     * @throws InvalidInputException if it says otherwise
     */
    public WorkflowTarget withOptions(StartOptions options) {
        if (options.existing() != StartOptions.ExistingId.RETURN) {
            throw new InvalidInputException("A scheduled run says what to do if its id exists: " + options.existing()
                    + ". Leave it at RETURN: each firing has an id of its own.");
        }
        return new WorkflowTarget(type, version, input, options, fireTimeField);
    }

    /**
     * Puts the fire time into the input, such as {@code 2030-12-24T09:00:00+01:00}: the time at which the run should have
     * been started by the schedule's zone, however late it runs.
     *
     * @param field the name of a field of the input, which must be a JSON object; null for none
     */
    public WorkflowTarget withFireTime(@Nullable String field) {
        if (field != null && field.isEmpty()) {
            throw new InvalidInputException("The name of the field for the fire time is empty.");
        }
        return new WorkflowTarget(type, version, input, options, field);
    }

    /** The name of the type. */
    public String type() {
        return type;
    }

    /** The version of the type. */
    public int version() {
        return version;
    }

    /** The input: as given, or a JSON tree where the schedule was read from the store; null for none. */
    public @Nullable Object input() {
        return input;
    }

    /** How the run is started. */
    public StartOptions options() {
        return options;
    }

    /** The field of the input that holds the fire time, or null. */
    public @Nullable String fireTimeField() {
        return fireTimeField;
    }

    @Override
    public String toString() {
        return "workflow " + type + (version == 1 ? "" : " of version " + version);
    }
}
