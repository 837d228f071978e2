package dev.windlass.workflow.internal;

import java.time.Duration;

/**
 * Whether, and how many, steps an owner sends out. A step at the owner costs one put; one sent out about seven requests
 * and six round trips. So steps go out only while the ready ones would keep the owner busy for longer than the
 * threshold and ten round trips, and a body takes at least half a round trip; one round of the owner's slots always
 * stays. How many may be out at once starts at twice the number of slots and doubles as results come back. Pure memory, no
 * clock; used by the owner's thread only.
 */
final class FleetPolicy {
    private static final double SHARE = 0.2;
    private static final int ROUND_TRIPS = 10;

    private final int slots;
    private final int most;
    private final long thresholdNanos;
    private double bodyNanos = -1;
    private double putNanos = -1;
    private int window;
    private int returned;

    FleetPolicy(int slots, int most, Duration threshold) {
        this.slots = slots;
        this.most = most;
        this.thresholdNanos = threshold.toNanos();
        this.window = Math.min(most, Math.max(8, 2 * slots));
    }

    void bodyTook(long nanos) {
        bodyNanos = bodyNanos < 0 ? nanos : bodyNanos + SHARE * (nanos - bodyNanos);
    }

    void putTook(long nanos) {
        putNanos = putNanos < 0 ? nanos : putNanos + SHARE * (nanos - putNanos);
    }

    /** About one round trip to the store; 0 before the first. */
    long roundTripNanos() {
        return putNanos < 0 ? 0 : (long) putNanos;
    }

    int window() {
        return window;
    }

    /** Results have come back from the fleet. */
    void returned(int count) {
        returned += count;
        if (returned * 4 >= window) {
            window = Math.min(most, window * 2);
            returned = 0;
        }
    }

    /** The owner got a step back that nobody had claimed: the fleet is slower than thought. */
    void takenBack(int stillOut) {
        window = Math.min(window, Math.max(Math.max(4, slots), stillOut));
        returned = 0;
    }

    /**
     * How many steps to send out now.
     *
     * @param backlog how many are ready that could run at either place, with all slots taken
     * @param out how many are out
     * @param runningNanos how long the bodies that run now have been at it, on average
     */
    int toSend(int backlog, int out, long runningNanos) {
        double body = Math.max(bodyNanos, (double) runningNanos);
        long roundTrip = roundTripNanos();
        if (body * backlog / slots <= (double) thresholdNanos + (double) ROUND_TRIPS * roundTrip
                || body * 2 < roundTrip) {
            return 0;
        }
        return Math.max(0, Math.min(backlog - slots, window - out));
    }
}
