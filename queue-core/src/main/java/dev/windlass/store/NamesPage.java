package dev.windlass.store;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of the names below a prefix.
 *
 * @param names the names, without the prefix and without {@code /}, each once, in the store's order
 * @param more whether there may be names after the last one
 * @param storeTime the store's time when it answered, never later than the truth; null if the answer did not say
 */
public record NamesPage(List<String> names, boolean more, @Nullable Instant storeTime) {

    /** Copies the list. */
    public NamesPage {
        names = List.copyOf(names);
    }
}
