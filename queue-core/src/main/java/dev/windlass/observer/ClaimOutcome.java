package dev.windlass.observer;

/** What became of a candidate. */
public enum ClaimOutcome {
    /** Claimed: an attempt begins. */
    WON,
    /** Another had claimed it, or came first. */
    LOST,
    /**
     * Not to be claimed for now: not due, not readable, under way, its type paused or without room in this worker, or this worker's
     * lease no longer certain.
     */
    SKIPPED,
    /** It may start no longer, and has been ended. */
    EXPIRED,
    /** This worker has no handler that takes it. */
    UNHANDLED,
    /** The store did not answer, or refused; a claim that may have landed is resolved afterwards. */
    FAILED
}
