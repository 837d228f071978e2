package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * Root of all exceptions that Windlass throws. Each message says what happened, to which task or object, and what
 * to do about it. Subclasses are divided by what the caller does next.
 */
public class WindlassException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what happened, to what, and what to do */
    public WindlassException(String message) {
        super(message);
    }

    /**
     * @param message what happened, to what, and what to do
     * @param cause what it came from, or null
     */
    public WindlassException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
