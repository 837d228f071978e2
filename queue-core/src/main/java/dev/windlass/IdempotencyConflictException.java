package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * The idempotency key is taken by a task with another type, queue or input. Nothing was written. Use another key, or the
 * same input.
 */
public final class IdempotencyConflictException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task it is about
     * @param message what happened, and what to do
     * @param cause what it came from, or null
     */
    public IdempotencyConflictException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
