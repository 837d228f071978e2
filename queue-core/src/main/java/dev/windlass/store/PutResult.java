package dev.windlass.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** What came of a put. */
public sealed interface PutResult {

    /**
     * The write has landed, and is durable.
     *
     * @param etag names the version just written
     * @param storeTime the store's time when it answered, never later than the truth; null if the answer did not say
     */
    record Applied(String etag, @Nullable Instant storeTime) implements PutResult {}

    /**
     * The precondition did not hold (412, or 404 for if-match on a missing key): this request has not landed and never
     * will.
     *
     * @param storeTime the store's time when it answered, or null
     */
    record Conflict(@Nullable Instant storeTime) implements PutResult {}

    /**
     * The write may have landed, may land later, or never: a time-out, a broken connection, a 5xx, a 409.
     *
     * @param cause what happened, for logs and messages
     */
    record Unknown(Exception cause) implements PutResult {}
}
