package dev.windlass.workflow;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a workflow is to be started. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>an id that exists: its run is returned, if the definition is the same</li>
 * <li>priority: 5, of 0 (first) to 9</li>
 * <li>attempts: 25 lost or failed owners</li>
 * <li>input: none</li>
 * </ul>
 */
public final class StartOptions {
    private static final StartOptions DEFAULTS = new StartOptions(ExistingId.RETURN, 5, 25, null);

    private final ExistingId existing;
    private final int priority;
    private final int attempts;
    private final @Nullable JsonNode input;

    private StartOptions(ExistingId existing, int priority, int attempts, @Nullable JsonNode input) {
        this.existing = existing;
        this.priority = priority;
        this.attempts = attempts;
        this.input = input;
    }

    /** What to do about an id that exists. */
    public enum ExistingId {
        /** Return its run, finished or not, if it has the same definition; refuse otherwise. */
        RETURN,
        /** Refuse. */
        REJECT,
        /** Return its run if that is still open and has the same definition; start a new one if it has ended. */
        NEW_RUN_AFTER_END
    }

    /** The defaults listed above. */
    public static StartOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * What to do if the id exists.
     *
     * @param existing default {@link ExistingId#RETURN}
     */
    public StartOptions withExistingId(ExistingId existing) {
        return new StartOptions(existing, priority, attempts, input);
    }

    /**
     * Lower numbers are claimed first.
     *
     * @param priority 0 (first) to 9; default 5
     */
    public StartOptions withPriority(int priority) {
        if (priority < 0 || priority > 9) {
            throw new InvalidInputException("The priority is " + priority + ". Use 0 (first) to 9.");
        }
        return new StartOptions(existing, priority, attempts, input);
    }

    /**
     * How many owners the run may lose (killed processes, engine failures) before it fails. Failures of steps do not
     * count.
     *
     * @param attempts 1 to 1,000; default 25
     */
    public StartOptions withAttempts(int attempts) {
        if (attempts < 1 || attempts > 1000) {
            throw new InvalidInputException("The attempts are " + attempts + ". Use 1 to 1000.");
        }
        return new StartOptions(existing, priority, attempts, input);
    }

    /**
     * What the run is given: for steps that name {@link DagStep#RUN_INPUT} among their needs. The same id with another
     * input is refused.
     *
     * @param input any JSON, at most 64 MiB encoded; above 64 KiB stored beside the run's task, by one put more; null for
     *            none. Not to be changed
     */
    public StartOptions withInput(@Nullable JsonNode input) {
        return new StartOptions(existing, priority, attempts, input);
    }

    /** What the run is given, or null for nothing. */
    @Nullable
    public JsonNode input() {
        return input;
    }

    /** What to do if the id exists. */
    public ExistingId existing() {
        return existing;
    }

    /** The priority, 0 (first) to 9. */
    public int priority() {
        return priority;
    }

    /** How many owners the run may lose. */
    public int attempts() {
        return attempts;
    }
}
