package dev.windlass.observer;

/** What came of a request. */
public enum RequestOutcome {
    /** A put or delete has landed. */
    APPLIED,
    /** A get has an object, or a listing its page. */
    FOUND,
    /** A get has no object. */
    NOT_FOUND,
    /** The precondition did not hold: nothing was changed. */
    CONFLICT,
    /** A put may have landed, may land later, or never. */
    UNKNOWN,
    /** The store gave no answer to anything but a put. */
    UNAVAILABLE,
    /** The store refused for good: permissions, a bucket that is not there. */
    REFUSED,
    /** Any other failure; none is expected. */
    ERROR
}
