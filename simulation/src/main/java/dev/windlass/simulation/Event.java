package dev.windlass.simulation;

import org.jspecify.annotations.Nullable;

/** Something due at an instant: either a thread's waiting is over, or something happens to the world. */
final class Event implements Comparable<Event> {
    final long at;
    final @Nullable Runnable happening;
    final @Nullable SimulatedThread thread;
    private final long number;
    private final long wait;

    Event(long at, long number, SimulatedThread thread) {
        this.at = at;
        this.number = number;
        this.happening = null;
        this.thread = thread;
        this.wait = thread.waitNumber;
    }

    Event(long at, long number, Runnable happening) {
        this.at = at;
        this.number = number;
        this.happening = happening;
        this.thread = null;
        this.wait = 0;
    }

    /** Whether the thread no longer waits for this. */
    boolean isStale() {
        return thread != null && (!thread.blocked || thread.waitNumber != wait);
    }

    @Override
    public int compareTo(Event other) {
        return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
