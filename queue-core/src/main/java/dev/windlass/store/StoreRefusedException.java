package dev.windlass.store;

import org.jspecify.annotations.Nullable;

/**
 * The store refused for a reason that trying again does not mend: wrong credentials, no permission, no such bucket,
 * a read-only directory, a full disk, a directory that is something else's, a newer store format. The refused request
 * has changed nothing. The message names the thing and the remedy.
 */
public class StoreRefusedException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** @param message what was refused, by which store, and the remedy */
    public StoreRefusedException(String message) {
        super(message, null);
    }

    /**
     * @param message what was refused, by which store, and the remedy
     * @param cause what it came from, or null
     */
    public StoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
