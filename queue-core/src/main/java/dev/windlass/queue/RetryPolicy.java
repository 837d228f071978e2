package dev.windlass.queue;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.windlass.InvalidInputException;

/**
 * How often a task may be tried, and how long to wait between the tries: exponential, with jitter. Immutable.
 *
 * @param maxAttempts how many tries in all, 1 to 1,000; default 4
 * @param initialDelay the wait after the first failure; default 1 s
 * @param maxDelay the longest wait; default 60 s
 * @param multiplier by how much the wait grows from try to try, 1 or more; default 2
 * @param jitter how far a wait may differ from the plan, as a share of it, 0 to 1; default 0.25
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, Duration maxDelay, double multiplier, double jitter) {

    private static final RetryPolicy DEFAULT = new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(60), 2.0,
            0.25);

    /** Checks the values. */
    public RetryPolicy {
        require(maxAttempts >= 1 && maxAttempts <= 1000, "maxAttempts is " + maxAttempts, "Use 1 to 1000.");
        require(!initialDelay.isNegative(), "initialDelay is " + initialDelay, "Use zero or more.");
        require(maxDelay.compareTo(initialDelay) >= 0,
                "maxDelay " + maxDelay + " is below initialDelay " + initialDelay,
                "Use at least as much.");
        require(multiplier >= 1 && multiplier <= 1000, "multiplier is " + multiplier, "Use 1 to 1000.");
        require(jitter >= 0 && jitter <= 1, "jitter is " + jitter, "Use 0 to 1.");
    }

    /** 4 attempts; 1 s, doubling up to 60 s, jitter 25 %. */
    public static RetryPolicy ofDefaults() {
        return DEFAULT;
    }

    /**
     * The default waits with another number of attempts.
     *
     * @param maxAttempts how many tries in all, 1 to 1,000
     */
    public static RetryPolicy exponential(int maxAttempts) {
        return new RetryPolicy(maxAttempts, DEFAULT.initialDelay, DEFAULT.maxDelay, DEFAULT.multiplier, DEFAULT.jitter);
    }

    /**
     * The same wait each time, without jitter.
     *
     * @param maxAttempts how many tries in all, 1 to 1,000
     * @param delay the wait after each failure, zero or more
     */
    public static RetryPolicy fixed(int maxAttempts, Duration delay) {
        return new RetryPolicy(maxAttempts, delay, delay, 1, 0);
    }

    /** One try, no retry. */
    public static RetryPolicy none() {
        return fixed(1, Duration.ZERO);
    }

    /**
     * The wait after a failure.
     *
     * @param failures how many failures there have been, from 1
     * @param random for the jitter
     * @return zero or more; at most the longest wait and its jitter
     */
    public Duration delayAfter(int failures, RandomGenerator random) {
        double planned = (double) initialDelay.toMillis() * Math.pow(multiplier, Math.max(0, failures - 1));
        double capped = Math.min(planned, (double) maxDelay.toMillis());
        double factor = jitter == 0 ? 1 : 1 - jitter + 2 * jitter * random.nextDouble();
        return Duration.ofMillis(Math.round(capped * factor));
    }

    private static void require(boolean holds, String what, String remedy) {
        if (!holds) {
            throw new InvalidInputException("Retry policy: " + what + ". " + remedy);
        }
    }
}
