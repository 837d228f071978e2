package dev.windlass.queue;

import java.time.Duration;

/**
 * Whether a worker is well, for probes. Costs no request.
 *
 * @param running whether it still claims tasks; false from the moment it drains
 * @param sinceAnswer how long ago the store last answered a request of this connection other than by refusing it
 * @param holdsLease whether it has a lease now; a worker gets one with its first claim, and another one with the next
 *            claim after it has lost one
 * @param attempts how many attempts it has in hand
 * @param latestLoop which of its loops is the latest to turn over, for people
 * @param late by how long that loop is late, beyond the wait that it makes between two turns when all is well; some
 *            seconds are no cause for worry, and while the store does not answer it may be minutes
 */
public record WorkerHealth(boolean running, Duration sinceAnswer, boolean holdsLease, int attempts, String latestLoop,
        Duration late) {

    /** Whether it holds a lease, or has nothing in hand that would need one. */
    public boolean isLeaseFit() {
        return holdsLease || attempts == 0;
    }
}
