package dev.windlass.queue.spi;

/**
 * Thrown by a handler, or by the body of a step, that has to stop though the work is not done and nothing is wrong with it,
 * such as one whose own runtime ends: the task goes back at once, and counts neither as failed nor as rescheduled. A step at the
 * owner of its run is tried again after a second, and that counts as no try. Only for what stops the whole worker soon: until
 * then the same worker may claim the task again.
 */
public final class ReleaseRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param why for the task's history */
    public ReleaseRequest(String why) {
        super(why, null, false, false);
    }
}
