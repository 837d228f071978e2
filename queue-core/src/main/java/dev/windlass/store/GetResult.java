package dev.windlass.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a read.
 *
 * @param object the object, or null if there is none under that key
 * @param storeTime the store's time when it answered, never later than the truth; null if the answer did not say
 */
public record GetResult(@Nullable StoredObject object, @Nullable Instant storeTime) {}
