package dev.windlass.workflow;

/** Where a run stands. */
public enum WorkflowStatus {
    /** Waits for a worker. */
    PENDING,
    /** A worker owns it. */
    RUNNING,
    /** Parked: nothing is to be done until a step elsewhere ends or a wait is over. */
    WAITING,
    /** Nothing starts until it is resumed: somebody has asked for that, or a failure did. */
    PAUSED,
    /** Done, with a result. Final. */
    COMPLETED,
    /** Failed for good. Final. */
    FAILED,
    /** Called off. Final. */
    CANCELLED;

    /** Whether nothing changes any more. */
    public boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
