package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * Somebody waits for a task that was cancelled (or has expired): it will give no result.
 */
public final class TaskCancelledException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task it is about
     * @param message what happened, and what to do
     * @param cause what it came from, or null
     */
    public TaskCancelledException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
