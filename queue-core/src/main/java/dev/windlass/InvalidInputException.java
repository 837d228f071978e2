package dev.windlass;

import org.jspecify.annotations.Nullable;

/**
 * What the caller gave cannot be accepted: a name, an option, a payload, a URI. Nothing was written. The message
 * names the thing and says what is wrong with it; the same call fails again until the input changes.
 */
public class InvalidInputException extends WindlassException {
    private static final long serialVersionUID = 1L;

    /** @param message names the input, what is wrong with it, and what would be right */
    public InvalidInputException(String message) {
        super(message);
    }

    /**
     * @param message names the input, what is wrong with it, and what would be right
     * @param cause what it came from, or null
     */
    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
