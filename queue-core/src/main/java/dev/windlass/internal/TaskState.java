package dev.windlass.internal;

/** The status of a task's object: what users see, and two that only the protocol knows. */
enum TaskState {
    PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, EXPIRED,
    /** Stands where a submit never landed, so that it cannot land any more. */
    TOMBSTONE,
    /** Retention has taken it; nothing leads back. */
    REMOVED;

    boolean isFinal() {
        return this != PENDING && this != RUNNING && this != TOMBSTONE;
    }
}
