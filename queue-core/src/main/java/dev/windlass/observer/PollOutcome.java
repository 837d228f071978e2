package dev.windlass.observer;

/** What a poller found. */
public enum PollOutcome {
    /** At least one candidate. */
    FOUND,
    /** Nothing that could be tried now. */
    EMPTY,
    /** The store did not answer. */
    FAILED
}
