package dev.windlass.queue;

/** Where a task stands. */
public enum TaskStatus {
    /** Waits to be claimed: now, at its due time, or when it is woken. */
    PENDING,
    /** Claimed by a worker. */
    RUNNING,
    /** Done, with a result. Final. */
    COMPLETED,
    /** Failed for good: out of attempts, or by a {@link PermanentFailure}. Final. */
    FAILED,
    /** Called off. Final. */
    CANCELLED,
    /** Not started within its time to live. Final. */
    EXPIRED;

    /** Whether nothing changes any more. */
    public boolean isFinal() {
        return this != PENDING && this != RUNNING;
    }
}
