package dev.windlass.chaos;

import java.nio.file.Path;
import java.time.Duration;

import dev.windlass.InvalidInputException;

/**
 * How a run is to be. Immutable.
 *
 * @param seed decides what is submitted, what is done to whom, and which requests get into trouble; how processes and
 *            requests interleave it cannot decide
 * @param time how long faults go on
 * @param drain how long everything may take to end afterwards
 * @param workers worker processes, 2 to 16
 * @param producers producer processes, 1 to 16
 * @param lease of the workers; more than twice the store's uncertainty
 * @param pause of each producer from task to task, on average
 * @param work the folder for ledgers, error output and a store in a directory: empty or absent
 * @param classPath of the processes
 */
public record ChaosOptions(long seed, Duration time, Duration drain, int workers, int producers, Duration lease,
        Duration pause, Path work, String classPath) {
    private static final Duration LONGEST = Duration.ofHours(24);

    /** Checks the values. */
    public ChaosOptions {
        check(time.compareTo(Duration.ofSeconds(5)) >= 0 && time.compareTo(LONGEST) <= 0, "--seconds",
                time.toSeconds(), "5 to 86400");
        check(!drain.isNegative() && drain.compareTo(Duration.ofSeconds(10)) >= 0 && drain.compareTo(LONGEST) <= 0,
                "--drain", drain.toSeconds() + "s", "10s to 24h");
        check(workers >= 2 && workers <= 16, "--workers", workers, "2 to 16");
        check(producers >= 1 && producers <= 16, "--producers", producers, "1 to 16");
        check(lease.compareTo(Duration.ofSeconds(1)) >= 0 && lease.compareTo(Duration.ofMinutes(10)) <= 0, "--lease",
                lease.toMillis() + "ms", "1s to 10m");
        check(pause.compareTo(Duration.ofMillis(1)) >= 0 && pause.compareTo(Duration.ofMinutes(1)) <= 0, "--pause",
                pause.toMillis() + "ms", "1ms to 1m");
    }

    private static void check(boolean holds, String option, Object value, String range) {
        if (!holds) {
            throw new InvalidInputException(option + " is " + value + "; use " + range);
        }
    }
}
