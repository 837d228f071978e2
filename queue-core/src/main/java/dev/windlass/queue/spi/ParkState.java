package dev.windlass.queue.spi;

/**
 * Where a task stands, as far as a waker needs to know.
 *
 * @param kind what it is doing
 * @param generation how often it has become pending; a wake id made of it is one per parked period
 */
public record ParkState(Kind kind, long generation) {

    /** What a task is doing. */
    public enum Kind {
        /** There is no such task. */
        MISSING,
        /** It waits to be claimed, and will be without any help. */
        READY,
        /** It runs, and its owner will look at what has landed before it parks. */
        RUNNING,
        /** It is parked, or its owner has said that it is about to park: it needs a wake key. */
        PARKED,
        /** It has ended. */
        ENDED
    }
}
