package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * A task has not ended within the time that one was willing to wait. It goes on; waiting again is right.
 */
public final class AwaitTimeoutException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task it is about
     * @param message what happened, and what to do
     * @param cause what it came from, or null
     */
    public AwaitTimeoutException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
