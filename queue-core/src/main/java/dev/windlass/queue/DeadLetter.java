package dev.windlass.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An entry of the index of tasks that failed for good, or that nobody can read.
 *
 * @param taskId the task
 * @param queue its queue
 * @param type the name of its type; null of a body that nobody can read
 * @param error type and message of the failure on one line, or {@code poison body}
 * @param at when it failed; of a body that nobody can read, when it was due
 */
public record DeadLetter(String taskId, String queue, @Nullable String type, String error, Instant at) {}
