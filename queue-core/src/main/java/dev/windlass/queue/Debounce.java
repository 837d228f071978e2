package dev.windlass.queue;

import dev.windlass.InvalidInputException;

/**
 * Lets many submissions come to one task while it waits: see {@link SubmitOptions#withDebounce}. Immutable.
 *
 * <p>Submissions to one queue under the same key belong together, whatever their types and inputs are. While their latest task
 * waits to be claimed for the first time, a further submission is that task; its own input and other options count for nothing.
 * Once it has been claimed, or has ended, the next submission is a new task. So whatever had happened before a submission,
 * some attempt begins after it.
 */
public final class Debounce {
    private static final int LONGEST = 200;

    /** What becomes of the task that waits. */
    public enum Kind {
        /** Nothing: it keeps its due time. */
        KEEP,
        /** It is due when this submission says. */
        MOVE
    }

    private final Kind kind;
    private final String key;

    private Debounce(Kind kind, String key) {
        if (key.isEmpty() || key.length() > LONGEST) {
            throw new InvalidInputException(
                    "The debounce key has " + key.length() + " characters. Use 1 to " + LONGEST + ".");
        }
        this.kind = kind;
        this.key = key;
    }

    /**
     * Submits unless one is waiting: of a burst, the first submission says when the task is due.
     *
     * @param key 1 to 200 characters, and at most 200 bytes once percent-encoded
     */
    public static Debounce unlessWaiting(String key) {
        return new Debounce(Kind.KEEP, key);
    }

    /**
     * Replaces the due time of the one that waits, to a later or an earlier time: of a burst, the last submission says when
     * the task is due.
     *
     * @param key 1 to 200 characters, and at most 200 bytes once percent-encoded
     */
    public static Debounce moveDueTime(String key) {
        return new Debounce(Kind.MOVE, key);
    }

    /** What becomes of the task that waits. */
    public Kind kind() {
        return kind;
    }

    /** The key. */
    public String key() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Debounce that && kind == that.kind && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + key.hashCode();
    }

    @Override
    public String toString() {
        return kind + " " + key;
    }
}
