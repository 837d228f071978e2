package dev.windlass.queue.spi;

/**
 * Thrown by a handler that has to stop though the work is not done and nothing is wrong with it, such as one whose own runtime
 * ends: the task goes back at once, and counts neither as failed nor as rescheduled. Only for what stops the whole worker
 * soon: until then the same worker may claim the task again.
 */
public final class ReleaseRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why for the task's history */
    public ReleaseRequest(String why) {
        super(why, null, false, false);
    }
}
