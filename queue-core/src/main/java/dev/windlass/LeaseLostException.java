package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * The claim on a task is lost: its lease ended, and somebody else may have it. What this attempt did is not recorded; the
 * newer attempt counts. Stop, and do not try again.
 */
public final class LeaseLostException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task it is about
     * @param message what happened, and what to do
     * @param cause what it came from, or null
     */
    public LeaseLostException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
