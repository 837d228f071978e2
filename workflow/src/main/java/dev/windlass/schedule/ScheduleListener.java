package dev.windlass.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * Told of what schedulers of this connection do. An observer of the connection
 * ({@link dev.windlass.Windlass.Builder#observer}) that implements it is told. Costs no request. Called on the scheduler's
 * threads, so be quick; what it throws is logged and ignored.
 */
public interface ScheduleListener {

    /**
     * A fire time was fired, and what it started is durable.
     *
     * @param schedule the schedule's name
     * @param fireTime the fire time
     * @param id the id of the task or workflow
     * @param created whether this call started it; false if it was there, since somebody had before
     * @param late how long after its time, jitter included
     */
    default void fired(String schedule, Instant fireTime, String id, boolean created, Duration late) {
    }

    /**
     * Fire times were passed over.
     *
     * @param schedule the schedule's name
     * @param reason why
     * @param count how many
     */
    default void passedOver(String schedule, Reason reason, long count) {
    }

    /**
     * A firing could not be carried out, and is tried again.
     *
     * @param schedule the schedule's name
     */
    default void fireFailed(String schedule) {
    }

    /**
     * This scheduler holds the lease now, or has given it up or lost it.
     *
     * @param scheduler the scheduler's id
     * @param holds which of both
     */
    default void leaseChanged(String scheduler, boolean holds) {
    }

    /** Why a fire time was passed over. */
    enum Reason {
        /** Nobody fired it in time, and the misfire policy leaves it out. */
        MISSED,
        /** What was started before had not ended. */
        SKIPPED,
        /** It was too old to be fired safely. */
        REFUSED
    }
}
