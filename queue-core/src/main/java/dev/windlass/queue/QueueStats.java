package dev.windlass.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What waits in a queue, counted by its ready keys. A key that its task no longer names (a moment after a claim, say)
 * counts until it is removed.
 *
 * @param queue the queue's name
 * @param due how many tasks could start now
 * @param scheduled how many wait for a later time, parked ones included
 * @param oldestDue how long the oldest due task has been due, or null if none is
 */
public record QueueStats(String queue, long due, long scheduled, @Nullable Duration oldestDue) {}
