package dev.windlass.queue;

import dev.windlass.queue.spi.ErrorSource;
import org.jspecify.annotations.Nullable;

/**
 * A failure as stored with its task.
 *
 * @param type the class of the exception, or a name for what was no exception, such as {@code timeout}
 * @param message its message; empty if it had none; cut at 4,000 characters
 * @param stackTrace its stack trace, cut at 8,000 characters, or null
 */
public record TaskError(String type, String message, @Nullable String stackTrace) {
    private static final int MESSAGE_LIMIT = 4_000;
    private static final int TRACE_LIMIT = 8_000;

    /** Cuts what is too long. */
    public TaskError {
        message = cut(message, MESSAGE_LIMIT);
        stackTrace = stackTrace == null ? null : cut(stackTrace, TRACE_LIMIT);
    }

    /**
     * A failure from an exception: as it says itself if it is an {@link ErrorSource}, else by its class, message and stack
     * trace.
     *
     * @param failure the exception
     */
    public static TaskError of(Throwable failure) {
        if (failure instanceof ErrorSource source) {
            return source.error();
        }
        var text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        String message = failure.getMessage();
        return new TaskError(failure.getClass().getName(), message == null ? "" : message, text.toString());
    }

    /** Type and message on one line. */
    public String summary() {
        return message.isEmpty() ? type : type + ": " + message;
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }
}
