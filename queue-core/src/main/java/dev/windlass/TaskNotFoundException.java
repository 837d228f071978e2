package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * There is no such task: the id is wrong, or the task's retention is over.
 */
public final class TaskNotFoundException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task it is about
     * @param message what happened, and what to do
     * @param cause what it came from, or null
     */
    public TaskNotFoundException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
