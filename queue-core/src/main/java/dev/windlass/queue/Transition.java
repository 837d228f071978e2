package dev.windlass.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One line of a task's history.
 *
 * @param at when, by the store's time as the writer knew it
 * @param event what happened, such as {@code submitted}, {@code claimed}, {@code failed}, {@code lease-lost}
 * @param worker the worker that did it or to which it happened, or null
 * @param attempt the attempt that it belongs to; 0 before the first
 * @param cause why, such as an exception's type and message, or null
 * @param writeId the write that recorded it
 */
public record Transition(Instant at, String event, @Nullable String worker, int attempt, @Nullable String cause,
        String writeId) {}
