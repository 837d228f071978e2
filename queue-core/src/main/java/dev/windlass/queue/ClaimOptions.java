package dev.windlass.queue;

import java.time.Duration;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * What a program that works on tasks itself wants to claim. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>lease: 5 minutes</li>
 * <li>count: 1</li>
 * <li>type: any</li>
 * <li>worker: host and process</li>
 * </ul>
 */
public final class ClaimOptions {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST = 1000;
    private static final ClaimOptions DEFAULTS = new ClaimOptions(Duration.ofMinutes(5), 1, null, null);

    private final Duration lease;
    private final int count;
    private final @Nullable String type;
    private final @Nullable String worker;

    private ClaimOptions(Duration lease, int count, @Nullable String type, @Nullable String worker) {
        this.lease = lease;
        this.count = count;
        this.type = type;
        this.worker = worker;
    }

    /** The defaults listed above. */
    public static ClaimOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * How long the claims last unless they are extended. When that is over, the attempt counts as failed, and another may
     * claim the task. It takes the place of the task's time-out.
     *
     * @param lease 1 second to 1 hour, and more than twice what the store's time is uncertain; default 5 minutes
     * @throws InvalidInputException if it is outside
     */
    public ClaimOptions withLease(Duration lease) {
        return new ClaimOptions(check(lease), count, type, worker);
    }

    /**
     * How many tasks to claim at most.
     *
     * @param count 1 to 1,000; default 1
     * @throws InvalidInputException if it is outside
     */
    public ClaimOptions withCount(int count) {
        if (count < 1 || count > MOST) {
            throw new InvalidInputException("The number of tasks to claim is " + count + ". Use 1 to " + MOST + ".");
        }
        return new ClaimOptions(lease, count, type, worker);
    }

    /**
     * Claims only tasks of this type. Others that are due are read and passed over, one GET each.
     *
     * @param type the name of a type; null for any
     * @throws InvalidInputException if it is empty
     */
    public ClaimOptions withType(@Nullable String type) {
        if (type != null && type.isEmpty()) {
            throw new InvalidInputException("The name of the task type is empty. Name one, or leave it out for any.");
        }
        return new ClaimOptions(lease, count, type, worker);
    }

    /**
     * Who claims, for the tasks' histories.
     *
     * @param worker any text of at most 200 bytes once percent-encoded; null for host and process
     */
    public ClaimOptions withWorker(@Nullable String worker) {
        return new ClaimOptions(lease, count, type, worker);
    }

    static Duration check(Duration lease) {
        if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("The lease is " + lease
                    + ". Use 1 second to 1 hour, and extend the claim for more.");
        }
        return lease;
    }

    /** How long the claims last unless they are extended. */
    public Duration lease() {
        return lease;
    }

    /** How many tasks at most. */
    public int count() {
        return count;
    }

    /** The name of the only type wanted, or null for any. */
    public @Nullable String type() {
        return type;
    }

    /** Who claims, or null for host and process. */
    public @Nullable String worker() {
        return worker;
    }
}
