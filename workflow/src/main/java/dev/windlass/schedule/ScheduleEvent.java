package dev.windlass.schedule;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A line of a schedule's history.
 *
 * @param at when, by the store's clock as the writer knew it
 * @param event {@code created}, {@code fired}, {@code triggered}, {@code missed}, {@code skipped}, {@code buffered},
 *            {@code refused}, {@code paused}, {@code resumed}
 * @param fireTime the fire time that it is about, the first one of several; or null
 * @param count how many fire times it is about
 * @param id the id of the task or workflow that was started, or null
 * @param cause why, or null
 */
public record ScheduleEvent(Instant at, String event, @Nullable Instant fireTime, long count, @Nullable String id,
        @Nullable String cause) {}
