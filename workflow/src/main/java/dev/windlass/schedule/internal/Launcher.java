package dev.windlass.schedule.internal;

import java.time.Instant;

import dev.windlass.queue.spi.LogContext;
import tools.jackson.databind.JsonNode;

/** Starts targets of one kind. Safe for use by any number of threads. */
interface Launcher {

    /**
     * The id of what a firing starts: the same for the same schedule and firing, for ever.
     *
     * @param schedule the schedule's name
     * @param at the fire time
     * @param trigger tells firings by hand apart; empty for those by the clock
     */
    String id(String schedule, Instant at, String trigger);

    /**
     * Starts it, unless it has been started before. Durable on return. Safe to repeat.
     *
     * @param document the schedule
     * @param open the firing
     * @return whether this call started it
     */
    boolean start(ScheduleDocument document, ScheduleDocument.Open open);

    /** What log lines about it carry. */
    LogContext about(JsonNode target, String id);

    /** Whether it has been started and has not ended. */
    boolean runs(JsonNode target, String id);

    /** Whether it has been started, and is still known. */
    boolean isKnown(JsonNode target, String id);

    /** Asks it to end; nothing happens if it has. */
    void cancel(JsonNode target, String id, String reason);
}
