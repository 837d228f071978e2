package dev.windlass.queue.spi;

import dev.windlass.store.StoredObject;

/**
 * What {@link EngineAccess#submit} answers.
 *
 * @param id the task's id
 * @param created whether this call made it; false if it was there
 * @param version the version of its object as written or read; opaque to engines
 */
public record SubmittedTask(String id, boolean created, StoredObject version) {}
