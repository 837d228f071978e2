package dev.windlass;

import dev.windlass.queue.TaskError;

/** Somebody waits for a task that has failed for good. Carries the stored failure. */
public final class TaskFailedException extends TaskException {
    private static final long serialVersionUID = 1L;

    private final transient TaskError error;

    /**
     * @param taskId the task
     * @param message what happened, and what to do
     * @param error the failure as stored
     */
    public TaskFailedException(String taskId, String message, TaskError error) {
        super(taskId, message, null);
        this.error = error;
    }

    /** The failure as stored: type, message and stack trace of the handler's exception. */
    public TaskError error() {
        return error;
    }
}
