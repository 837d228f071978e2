package dev.windlass.store;

import org.jspecify.annotations.Nullable;

/**
 * The store did not answer, or answered that it cannot serve now: nothing listens there, a time-out, a broken
 * connection, a 5xx. <b>If this comes from a write, its outcome is not known</b>: it may have landed, may land later,
 * or never; the message says so. Trying again later is right, and safe for every operation of Windlass that has an
 * idempotency key or an id.
 */
public class StoreUnavailableException extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message which request to which store failed, and what to do
     * @param cause what it came from, or null
     */
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
