package dev.windlass.store;

import dev.windlass.WindlassException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not do what it was asked for: it gave no answer ({@link StoreUnavailableException}), or refused
 * ({@link StoreRefusedException}). For those who go on in the same way after both.
 */
public abstract class StoreException extends WindlassException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
