package dev.windlass.simulation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with one request.
 *
 * @param kind what
 * @param delay for {@link Kind#LANDS_LATE} and {@link Kind#LURKS} how long after the client has given up, for {@link Kind#SLOW} how long until
 *            the answer; null lets the seed decide
 */
public record Fault(Kind kind, @Nullable Duration delay) {

    /** What can go wrong. A read has no effect, so for reads most of these mean: no answer. */
    public enum Kind {
        /** It never reaches the store; the client gets a reset or a time-out. */
        LOST_BEFORE,
        /** It takes effect, but the answer is lost. */
        LOST_AFTER,
        /** The client times out; it takes effect only afterwards, if its precondition still holds then. */
        LANDS_LATE,
        /**
         * The client times out; a write takes effect just after another process has read the same object, which then acts
         * on what is no longer so; at the latest like one that lands late.
         */
        LURKS,
        /** 409, a conflicting request is under way: the seed decides whether it took effect. */
        CONFLICT_409,
        /** It takes effect, yet the client is told that the precondition did not hold: something between retried it. */
        FALSE_412,
        /** 500: the seed decides whether it took effect. */
        ERROR_500,
        /** 503: no effect, but the client cannot know that. */
        UNAVAILABLE_503,
        /** 403, as from credentials that have expired: no effect, and the client is told so. */
        REFUSED_403,
        /** It takes effect and is answered, slowly. */
        SLOW,
        /** The process crashes just before it would have been sent. */
        CRASH_BEFORE,
        /** The process crashes just after it has taken effect. */
        CRASH_AFTER
    }

    /** A fault whose delays the seed decides. */
    public static Fault of(Kind kind) {
        return new Fault(kind, null);
    }

    /**
     * A write that lands after the client has given up on it.
     *
     * @param afterGivingUp how long after
     */
    public static Fault landsLate(Duration afterGivingUp) {
        return new Fault(Kind.LANDS_LATE, afterGivingUp);
    }

    /**
     * A write that lands just after another process has read the same object.
     *
     * @param atLatest how long after its client has given up it lands anyhow
     */
    public static Fault lurks(Duration atLatest) {
        return new Fault(Kind.LURKS, atLatest);
    }

    /**
     * A slow answer.
     *
     * @param untilAnswer how long it takes
     */
    public static Fault slow(Duration untilAnswer) {
        return new Fault(Kind.SLOW, untilAnswer);
    }
}
