package dev.windlass.queue;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to be submitted and run. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>delay: none; the task may start at once</li>
 * <li>priority: 5, of 0 (first) to 9</li>
 * <li>retry: {@link RetryPolicy#ofDefaults()}, 4 attempts</li>
 * <li>timeout: 5 minutes an attempt</li>
 * <li>idempotency key: none</li>
 * </ul>
 */
public final class SubmitOptions {
    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final SubmitOptions DEFAULTS = new SubmitOptions(null, null, 5, RetryPolicy.ofDefaults(),
            Duration.ofMinutes(5), null);

    private final @Nullable Duration delay;
    private final @Nullable Instant dueAt;
    private final int priority;
    private final RetryPolicy retry;
    private final @Nullable Duration timeout;
    private final @Nullable String idempotencyKey;

    private SubmitOptions(@Nullable Duration delay, @Nullable Instant dueAt, int priority, RetryPolicy retry,
            @Nullable Duration timeout, @Nullable String idempotencyKey) {
        this.delay = delay;
        this.dueAt = dueAt;
        this.priority = priority;
        this.retry = retry;
        this.timeout = timeout;
        this.idempotencyKey = idempotencyKey;
    }

    /** The defaults listed above. */
    public static SubmitOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * Starts no earlier than this long after submission, by the store's time as this process knows it, which may be
     * early by the store's uncertainty ({@code Capabilities}; 3 s on S3): the wait may be shorter by that. Replaces a due
     * time.
     *
     * @param delay zero to ten years
     */
    public SubmitOptions withDelay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("The delay is " + delay + ". Use zero to ten years.");
        }
        return new SubmitOptions(delay, null, priority, retry, timeout, idempotencyKey);
    }

    /**
     * Starts no earlier than at this time, by the store's clock. Replaces a delay.
     *
     * @param dueAt a time from 1970 to the year 2200; one that has passed means at once
     */
    public SubmitOptions withDueAt(Instant dueAt) {
        if (dueAt.isBefore(Instant.EPOCH) || dueAt.isAfter(Instant.parse("2200-01-01T00:00:00Z"))) {
            throw new InvalidInputException("The due time is " + dueAt + ". Use a time from 1970 to 2199.");
        }
        return new SubmitOptions(null, dueAt, priority, retry, timeout, idempotencyKey);
    }

    /**
     * Lower numbers are claimed first.
     *
     * @param priority 0 (first) to 9; default 5
     */
    public SubmitOptions withPriority(int priority) {
        if (priority < 0 || priority > 9) {
            throw new InvalidInputException("The priority is " + priority + ". Use 0 (first) to 9.");
        }
        return new SubmitOptions(delay, dueAt, priority, retry, timeout, idempotencyKey);
    }

    /**
     * How often to try, and how long to wait between tries.
     *
     * @param retry the policy
     */
    public SubmitOptions withRetry(RetryPolicy retry) {
        return new SubmitOptions(delay, dueAt, priority, retry, timeout, idempotencyKey);
    }

    /**
     * How long one attempt may take. When it is over, the handler's thread is interrupted, and the attempt counts as
     * failed.
     *
     * @param timeout more than zero, at most ten years; null for no limit
     */
    public SubmitOptions withTimeout(@Nullable Duration timeout) {
        if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0)) {
            throw new InvalidInputException(
                    "The time-out is " + timeout + ". Use more than zero and at most ten years, or null for none.");
        }
        return new SubmitOptions(delay, dueAt, priority, retry, timeout, idempotencyKey);
    }

    /**
     * Makes the submission safe to repeat: a second one with the same key answers the first one's task. The key stands
     * for type, queue and input; with others it is refused. It holds for tasks of the same type name.
     *
     * @param key any text of at most 200 bytes once percent-encoded; null for none
     */
    public SubmitOptions withIdempotencyKey(@Nullable String key) {
        if (key != null && key.isEmpty()) {
            throw new InvalidInputException("The idempotency key is empty. Give it some text, or leave it out.");
        }
        return new SubmitOptions(delay, dueAt, priority, retry, timeout, key);
    }

    /** The delay, or null. */
    public @Nullable Duration delay() {
        return delay;
    }

    /** The due time, or null. */
    public @Nullable Instant dueAt() {
        return dueAt;
    }

    /** The priority, 0 (first) to 9. */
    public int priority() {
        return priority;
    }

    /** The retry policy. */
    public RetryPolicy retry() {
        return retry;
    }

    /** The time-out of an attempt, or null for none. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** The idempotency key, or null. */
    public @Nullable String idempotencyKey() {
        return idempotencyKey;
    }
}
