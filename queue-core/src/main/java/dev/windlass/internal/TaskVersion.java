package dev.windlass.internal;

import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * One version of a task's object, as read or written.
 *
 * @param object its bytes and ETag
 * @param document the task, or null if the bytes are none: a poison body
 */
record TaskVersion(StoredObject object, @Nullable TaskDocument document) {}
