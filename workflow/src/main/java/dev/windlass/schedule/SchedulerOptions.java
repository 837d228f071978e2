package dev.windlass.schedule;

import java.time.Duration;

import dev.windlass.InvalidInputException;

/**
 * How a scheduler works. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>look: every 10 s, for schedules that were created or changed elsewhere; the lease is renewed with it</li>
 * <li>lease: 30 s; if a scheduler dies, another takes over so long after its last renewal</li>
 * </ul>
 *
 * @param look how often the holder renews its lease and lists the schedules, and how often others look at the lease
 * @param lease after how long without renewal another one takes over
 */
public record SchedulerOptions(Duration look, Duration lease) {
    private static final SchedulerOptions DEFAULTS = new SchedulerOptions(Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    /** Checks the values. */
    public SchedulerOptions {
        if (look.compareTo(Duration.ofMillis(100)) < 0 || look.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The scheduler looks every " + look + ". Use 100 ms to an hour.");
        }
        if (lease.compareTo(look.multipliedBy(3)) < 0 || lease.compareTo(Duration.ofHours(3)) > 0) {
            throw new InvalidInputException("The scheduler's lease is " + lease + ", and it looks every " + look
                    + ". Use a lease of at least three looks, at most 3 hours.");
        }
    }

    /** The defaults listed above. */
    public static SchedulerOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * How often it looks; the lease becomes three times that.
     *
     * @param look 100 ms to an hour
     */
    public SchedulerOptions withLook(Duration look) {
        return new SchedulerOptions(look, look.multipliedBy(3));
    }
}
