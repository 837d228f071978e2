package dev.windlass;

import org.jspecify.annotations.Nullable;

/** An exception about one task; carries its id. */
public abstract class TaskException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String taskId;

    TaskException(String taskId, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.taskId = taskId;
    }

    /** The task it is about. */
    public final String taskId() {
        return taskId;
    }
}
