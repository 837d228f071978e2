package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * The store's time, as far as its answers prove it. Runs on the monotonic clock from the latest time that the samples of
 * the last ten minutes prove: each sample is a time that had come when the answer arrived, so the largest of them is the
 * best. It may be early, by the store's {@link #uncertainty()}, and is never late by more than the monotonic clock drifts
 * within the window (200 ppm would be 0.12 s).
 *
 * <p>What hangs on it: leases and due times, by delay only. An early clock makes leases look younger and starts tasks
 * later; neither is a danger.
 */
final class StoreClock {
    private static final long WINDOW_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long NONE = Long.MIN_VALUE;

    private final Environment environment;
    private final Duration uncertainty;
    private final Monitor monitor;
    private long windowStart;
    private long best = NONE;
    private long bestBefore = NONE;

    StoreClock(Environment environment, Duration uncertainty) {
        this.environment = environment;
        this.uncertainty = uncertainty;
        this.monitor = environment.newMonitor();
        this.windowStart = environment.nanoTime();
    }

    /** By how much this clock may be early, at most. */
    Duration uncertainty() {
        return uncertainty;
    }

    /** Learns from an answer that has just arrived. */
    void sample(@Nullable Instant storeTime) {
        if (storeTime == null) {
            return;
        }
        long now = environment.nanoTime();
        long offset = nanos(storeTime) - now;
        monitor.lock();
        try {
            if (now - windowStart > WINDOW_NANOS) {
                bestBefore = now - windowStart > 2 * WINDOW_NANOS ? NONE : best;
                best = NONE;
                windowStart = now;
            }
            best = Math.max(best, offset);
        } finally {
            monitor.unlock();
        }
    }

    /** Whether there is a sample to go by. */
    boolean isKnown() {
        monitor.lock();
        try {
            return Math.max(best, bestBefore) != NONE;
        } finally {
            monitor.unlock();
        }
    }

    /** The store's time: perhaps early, never late. */
    Instant now() {
        long offset;
        monitor.lock();
        try {
            offset = Math.max(best, bestBefore);
        } finally {
            monitor.unlock();
        }
        if (offset == NONE) {
            throw new IllegalStateException("no answer of the store has been seen yet");
        }
        long nanos = offset + environment.nanoTime();
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    /** A time that every client's clock has reached, however early it is: what is due then is due for all. */
    Instant surelyPast() {
        return now().minus(uncertainty);
    }

    private static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }
}
