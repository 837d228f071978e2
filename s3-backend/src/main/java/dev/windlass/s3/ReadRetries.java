package dev.windlass.s3;

import java.time.Duration;
import java.util.function.Supplier;

import dev.windlass.environment.Environment;

/**
 * Tries reads a few times, with a growing and jittered pause: for reads only, since a second try of a write would not
 * know what came of the first.
 */
final class ReadRetries {
    private static final int TRIES = 4;
    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final Environment environment;
    private final long budgetNanos;

    /**
     * @param environment time and randomness
     * @param budget no new try is begun when so much time has passed since the first
     */
    ReadRetries(Environment environment, Duration budget) {
        this.environment = environment;
        this.budgetNanos = budget.toNanos();
    }

    /**
     * @param read the request
     * @return its answer
     * @throws RuntimeException the last failure
     */
    <T> T read(Supplier<T> read) {
        long start = environment.nanoTime();
        for (int attempt = 1;; attempt++) {
            try {
                return read.get();
            } catch (RuntimeException failure) {
                if (attempt == TRIES || Failures.meaning(failure) != Failures.Meaning.UNKNOWN
                        || Failures.interrupted(failure) || !pause(attempt, start)) {
                    throw failure;
                }
            }
        }
    }

    private boolean pause(int attempt, long start) {
        long longest = FIRST_PAUSE_NANOS << (2 * (attempt - 1));
        long pause = longest / 2 + environment.random().nextLong(longest / 2);
        if (environment.nanoTime() - start + pause >= budgetNanos) {
            return false;
        }
        try {
            environment.sleep(Duration.ofNanos(pause));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
