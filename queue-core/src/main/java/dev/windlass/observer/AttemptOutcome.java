package dev.windlass.observer;

/** What came of an attempt. */
public enum AttemptOutcome {
    /** The handler returned. */
    COMPLETED,
    /** The handler threw, or its result could not be stored. */
    FAILED,
    /** It took longer than its time-out. */
    TIMED_OUT,
    /** The handler asked to be called again later. */
    RESCHEDULED,
    /** Given back without counting as a failure: the worker stops, or no longer holds its lease. */
    RELEASED,
    /** An engine's task that waits. */
    PARKED,
    /** Called off by its engine. */
    CANCELLED,
    /** Its worker died or was cut off, or another attempt had begun: what it did is not recorded. */
    LOST
}
