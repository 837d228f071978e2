package dev.windlass.workflow.internal;

import java.time.Duration;

/**
 * Whether, and how many, steps an owner sends out. A step at the owner costs one put; one sent out about seven requests
 * and six round trips. So steps go out only while the ready ones would keep the owner busy for longer than the
 * threshold and ten round trips, and a body takes at least half a round trip; one round of the owner's slots always
 * stays. How many may be out at once starts at twice the number of slots and doubles as results come back; once the store has been
 * found crowded, it grows by half the slots.
 *
 * <p>The store is crowded when the owner's own puts take three times as long as they did at best, a batch of them on average, and
 * the round trips of a step that is sent out cost more than half its body: then more hands only wait for the store, and for
 * each other, and half as many may be out. So the window follows what the store can take, as TCP's does (Jacobson, 1988), with
 * time in place of loss, as in Vegas (Brakmo and Peterson, 1995). Pure memory, no clock; used by the owner's thread only.
 */
final class FleetPolicy {
    private static final double SHARE = 0.2;
    private static final int ROUND_TRIPS = 10;
    /** Those of a step that is sent out. */
    private static final int SENT_ROUND_TRIPS = 6;
    private static final int BATCH = 32;
    private static final int CROWDED = 3;
    private static final int LEAST_WINDOW = 4;

    private final int slots;
    private final int most;
    private final long thresholdNanos;
    private double bodyNanos = -1;
    private double putNanos = -1;
    private int window;
    private int returned;
    private long batchNanos;
    private int batched;
    private double leastMean = -1;
    private boolean wasCrowded;

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
        batchNanos += nanos;
        if (++batched == BATCH) {
            double mean = (double) batchNanos / BATCH;
            leastMean = leastMean < 0 ? mean : Math.min(leastMean, mean);
            if (mean > CROWDED * leastMean && mean * SENT_ROUND_TRIPS * 2 > bodyNanos) {
                wasCrowded = true;
                window = Math.max(Math.min(LEAST_WINDOW, window), window / 2);
                returned = 0;
            }
            batchNanos = 0;
            batched = 0;
        }
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
            window = Math.min(most, wasCrowded ? window + Math.max(1, slots / 2) : window * 2);
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
