package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * An input or a result cannot be decoded here: its codec is not known to this connection, or has failed, such as by a wrong
 * key. The stored value is as it was; read it with the right codec.
 */
public final class PayloadUnreadableException extends TaskException {
    private static final long serialVersionUID = 1L;

    /**
     * @param taskId the task
     * @param message what happened, and what to do
     * @param cause what the codec said, or null
     */
    public PayloadUnreadableException(String taskId, String message, @Nullable Throwable cause) {
        super(taskId, message, cause);
    }
}
