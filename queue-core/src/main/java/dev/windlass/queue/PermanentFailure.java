package dev.windlass.queue;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler: trying again would not help. The task fails at once, whatever attempts are left. */
public class PermanentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message why; stored with the task */
    public PermanentFailure(String message) {
        super(message);
    }

    /**
     * @param message why; stored with the task
     * @param cause what it came from, or null; stored with the task
     */
    public PermanentFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
