package dev.windlass.store;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param entries the keys of this page, at most as many as asked for
 * @param more whether there may be keys after the last one
 * @param storeTime the store's time when it answered, never later than the truth; null if the answer did not say
 */
public record ListPage(List<Entry> entries, boolean more, @Nullable Instant storeTime) {

    /** Copies the list. */
    public ListPage {
        entries = List.copyOf(entries);
    }

    /**
     * One key of a listing.
     *
     * @param key the whole key
     * @param lastModified when the object was written, by the store's clock
     * @param size in bytes
     */
    public record Entry(String key, Instant lastModified, long size) {}
}
