package dev.windlass.store;

import java.time.Instant;

/**
 * One version of an object, as read. The bytes are the reader's: nobody else holds this array.
 *
 * @param key its whole key
 * @param body its bytes
 * @param etag names this version; opaque, and possibly the same for another version with the same bytes
 * @param lastModified when this version was written, by the store's clock
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record StoredObject(String key, byte[] body, String etag, Instant lastModified) {}
