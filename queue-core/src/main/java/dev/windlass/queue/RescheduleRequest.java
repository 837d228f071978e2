package dev.windlass.queue;

import java.time.Duration;

import dev.windlass.InvalidInputException;

/** Thrown by a handler: run this task again after a while. Does not count as a failure. */
public final class RescheduleRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /** @param delay zero to ten years */
    public RescheduleRequest(Duration delay) {
        super("rescheduled by " + delay, null, false, false);
        if (delay.isNegative() || delay.compareTo(Duration.ofDays(3660)) > 0) {
            throw new InvalidInputException("The delay is " + delay + ". Use zero to ten years.");
        }
        this.delay = delay;
    }

    /** How long to wait. */
    public Duration delay() {
        return delay;
    }
}
