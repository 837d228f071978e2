package dev.windlass.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to be submitted and run. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>delay: none; the task may start at once</li>
 * <li>expiry: none</li>
 * <li>priority: 5, of 0 (first) to 9</li>
 * <li>retry: {@link RetryPolicy#ofDefaults()}, 4 attempts</li>
 * <li>reschedules: as many as its handler asks for</li>
 * <li>timeout: 5 minutes an attempt</li>
 * <li>id: a fresh one</li>
 * <li>idempotency key: none; scope: the task's type; ttl: as long as the task is stored</li>
 * <li>debounce: none; each submission is a task of its own</li>
 * <li>tags, parent: none</li>
 * </ul>
 */
public final class SubmitOptions {
    /** Most tags that a task may have. */
    public static final int MOST_TAGS = 16;

    private static final Duration LONGEST = Duration.ofDays(3660);
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final int MOST_RESCHEDULES = 1_000_000;
    private static final int LONGEST_TAG = 64;
    private static final int LONGEST_TAG_VALUE = 200;
    private static final SubmitOptions DEFAULTS = new SubmitOptions(new Values());

    private final Values values;

    /** What there is to set; changed only before it is given to new options. */
    private static final class Values {
        @Nullable
        Duration delay;
        @Nullable
        Instant dueAt;
        @Nullable
        Duration ttl;
        @Nullable
        Instant expiresAt;
        int priority = 5;
        RetryPolicy retry = RetryPolicy.ofDefaults();
        @Nullable
        Integer maxReschedules;
        @Nullable
        Duration timeout = Duration.ofMinutes(5);
        @Nullable
        String id;
        @Nullable
        String idempotencyKey;
        IdempotencyScope idempotencyScope = IdempotencyScope.type();
        @Nullable
        Duration idempotencyTtl;
        @Nullable
        Debounce debounce;
        Map<String, String> tags = Map.of();
        @Nullable
        String parent;

        Values copy() {
            var copy = new Values();
            copy.delay = delay;
            copy.dueAt = dueAt;
            copy.ttl = ttl;
            copy.expiresAt = expiresAt;
            copy.priority = priority;
            copy.retry = retry;
            copy.maxReschedules = maxReschedules;
            copy.timeout = timeout;
            copy.id = id;
            copy.idempotencyKey = idempotencyKey;
            copy.idempotencyScope = idempotencyScope;
            copy.idempotencyTtl = idempotencyTtl;
            copy.debounce = debounce;
            copy.tags = tags;
            copy.parent = parent;
            return copy;
        }
    }

    private SubmitOptions(Values values) {
        this.values = values;
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
        Values next = values.copy();
        next.delay = delay;
        next.dueAt = null;
        return new SubmitOptions(next);
    }

    /**
     * Starts no earlier than at this time, by the store's clock. Replaces a delay.
     *
     * @param dueAt a time from 1970 to the year 2200; one that has passed means at once
     */
    public SubmitOptions withDueAt(Instant dueAt) {
        if (dueAt.isBefore(Instant.EPOCH) || dueAt.isAfter(LATEST)) {
            throw new InvalidInputException("The due time is " + dueAt + ". Use a time from 1970 to 2199.");
        }
        Values next = values.copy();
        next.delay = null;
        next.dueAt = dueAt;
        return new SubmitOptions(next);
    }

    /**
     * Does not start any more so long after submission: a task that still waits then ends as {@link TaskStatus#EXPIRED} when a
     * worker meets it, and an attempt that fails later than that is the last. An attempt that runs goes on. By the store's
     * time as processes know it, which may be early: an attempt may start by the store's uncertainty too late. Replaces
     * a time of expiry.
     *
     * @param ttl more than zero, at most ten years, and longer than the delay; null for no expiry
     */
    public SubmitOptions withTtl(@Nullable Duration ttl) {
        if (ttl != null && (ttl.isNegative() || ttl.isZero() || ttl.compareTo(LONGEST) > 0)) {
            throw new InvalidInputException(
                    "The ttl is " + ttl + ". Use more than zero and at most ten years, or null for none.");
        }
        Values next = values.copy();
        next.ttl = ttl;
        next.expiresAt = null;
        return new SubmitOptions(next);
    }

    /**
     * Does not start at this time any more; see {@link #withTtl}. Replaces a ttl.
     *
     * @param expiresAt a time from 1970 to the year 2200, after the due time, and in the future at the submission; null for
     *        no expiry
     */
    public SubmitOptions withExpiresAt(@Nullable Instant expiresAt) {
        if (expiresAt != null && (expiresAt.isBefore(Instant.EPOCH) || expiresAt.isAfter(LATEST))) {
            throw new InvalidInputException("The time of expiry is " + expiresAt + ". Use a time from 1970 to 2199.");
        }
        Values next = values.copy();
        next.ttl = null;
        next.expiresAt = expiresAt;
        return new SubmitOptions(next);
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
        Values next = values.copy();
        next.priority = priority;
        return new SubmitOptions(next);
    }

    /**
     * How often to try, and how long to wait between tries.
     *
     * @param retry the policy
     */
    public SubmitOptions withRetry(RetryPolicy retry) {
        Values next = values.copy();
        next.retry = retry;
        return new SubmitOptions(next);
    }

    /**
     * How often the handler may give the task back by {@link TaskContext#reschedule}. Once more, and the task fails for good.
     *
     * @param most 0 to a million; null for no limit
     */
    public SubmitOptions withMaxReschedules(@Nullable Integer most) {
        if (most != null && (most < 0 || most > MOST_RESCHEDULES)) {
            throw new InvalidInputException(
                    "The most reschedules are " + most + ". Use 0 to " + MOST_RESCHEDULES + ", or null for no limit.");
        }
        Values next = values.copy();
        next.maxReschedules = most;
        return new SubmitOptions(next);
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
        Values next = values.copy();
        next.timeout = timeout;
        return new SubmitOptions(next);
    }

    /**
     * The task's id. A second submission with the same id, type, queue and input answers the first one's task; with others it
     * is refused. Conflicts with an idempotency key.
     *
     * @param id letters, digits and dashes, at most 100, unique in the whole store; null for a fresh one
     */
    public SubmitOptions withId(@Nullable String id) {
        if (id != null && !id.matches("[a-zA-Z0-9-]{1,100}")) {
            throw new InvalidInputException("\"" + (id.length() > 40 ? id.substring(0, 40) + "…" : id)
                    + "\" cannot be the id of a task. Use letters, digits and dashes, at most 100.");
        }
        Values next = values.copy();
        next.id = id;
        return new SubmitOptions(next);
    }

    /**
     * Makes the submission safe to repeat: a second one with the same key answers the first one's task. The key stands
     * for type, queue and input; with others it is refused. It holds for tasks of the same type name, unless
     * {@link #withIdempotencyScope} says otherwise. Conflicts with an id.
     *
     * @param key any text of at most 200 bytes once percent-encoded; null for none
     */
    public SubmitOptions withIdempotencyKey(@Nullable String key) {
        if (key != null && key.isEmpty()) {
            throw new InvalidInputException("The idempotency key is empty. Give it some text, or leave it out.");
        }
        Values next = values.copy();
        next.idempotencyKey = key;
        return new SubmitOptions(next);
    }

    /**
     * Among which tasks the idempotency key is one.
     *
     * @param scope default {@link IdempotencyScope#type()}
     */
    public SubmitOptions withIdempotencyScope(IdempotencyScope scope) {
        Values next = values.copy();
        next.idempotencyScope = scope;
        return new SubmitOptions(next);
    }

    /**
     * How long the idempotency key holds, from the submission on: if its task has ended by then, a later submission with the
     * key is a task of its own, under the same id. A task that has not ended keeps its key.
     *
     * @param ttl more than zero, at most ten years; null for as long as the task is stored
     */
    public SubmitOptions withIdempotencyTtl(@Nullable Duration ttl) {
        if (ttl != null && (ttl.isNegative() || ttl.isZero() || ttl.compareTo(LONGEST) > 0)) {
            throw new InvalidInputException("The ttl of the idempotency key is " + ttl
                    + ". Use more than zero and at most ten years, or null for no end.");
        }
        Values next = values.copy();
        next.idempotencyTtl = ttl;
        return new SubmitOptions(next);
    }

    /**
     * Lets this submission come to the task that waits, if one of the same key does.
     *
     * @param debounce the key, and what becomes of that task; null for none. Not together with an id or an idempotency key
     */
    public SubmitOptions withDebounce(@Nullable Debounce debounce) {
        Values next = values.copy();
        next.debounce = debounce;
        return new SubmitOptions(next);
    }

    /**
     * A tag more, to find the task by: a name and a value. The same name again replaces the value.
     *
     * @param name letters, digits and {@code - _ . : /}, 1 to 64
     * @param value any text of at most 200 characters
     */
    public SubmitOptions withTag(String name, String value) {
        if (!name.matches("[a-zA-Z0-9_.:/-]{1," + LONGEST_TAG + "}")) {
            throw new InvalidInputException("\"" + (name.length() > 40 ? name.substring(0, 40) + "…" : name)
                    + "\" cannot be the name of a tag. Use letters, digits and - _ . : /, at most " + LONGEST_TAG
                    + " of them.");
        }
        if (value.length() > LONGEST_TAG_VALUE) {
            throw new InvalidInputException("The value of the tag \"" + name + "\" has " + value.length()
                    + " characters; at most " + LONGEST_TAG_VALUE + " are allowed.");
        }
        var tags = new TreeMap<String, String>(values.tags);
        tags.put(name, value);
        if (tags.size() > MOST_TAGS) {
            throw new InvalidInputException("A task can have " + MOST_TAGS + " tags, and \"" + name
                    + "\" is one more. Put the rest into its input.");
        }
        Values next = values.copy();
        next.tags = Collections.unmodifiableMap(tags);
        return new SubmitOptions(next);
    }

    /**
     * The task that this one belongs to, to find it by. It is only noted: nothing is done to one when the other ends.
     *
     * @param taskId the id of a task, which need not exist; null for none
     */
    public SubmitOptions withParent(@Nullable String taskId) {
        if (taskId != null && !taskId.matches("[a-zA-Z0-9-]{1,100}")) {
            throw new InvalidInputException("\"" + (taskId.length() > 40 ? taskId.substring(0, 40) + "…" : taskId)
                    + "\" cannot be the parent's id. Ids are letters, digits and dashes, as submit printed them.");
        }
        Values next = values.copy();
        next.parent = taskId;
        return new SubmitOptions(next);
    }

    /** The delay, or null. */
    public @Nullable Duration delay() {
        return values.delay;
    }

    /** The due time, or null. */
    public @Nullable Instant dueAt() {
        return values.dueAt;
    }

    /** How long after submission the task expires, or null. */
    public @Nullable Duration ttl() {
        return values.ttl;
    }

    /** When the task expires, or null. */
    public @Nullable Instant expiresAt() {
        return values.expiresAt;
    }

    /** The priority, 0 (first) to 9. */
    public int priority() {
        return values.priority;
    }

    /** The retry policy. */
    public RetryPolicy retry() {
        return values.retry;
    }

    /** How often the handler may reschedule the task, or null for no limit. */
    public @Nullable Integer maxReschedules() {
        return values.maxReschedules;
    }

    /** The time-out of an attempt, or null for none. */
    public @Nullable Duration timeout() {
        return values.timeout;
    }

    /** The task's id, or null for a fresh one. */
    public @Nullable String id() {
        return values.id;
    }

    /** The idempotency key, or null. */
    public @Nullable String idempotencyKey() {
        return values.idempotencyKey;
    }

    /** Among which tasks the idempotency key is one. */
    public IdempotencyScope idempotencyScope() {
        return values.idempotencyScope;
    }

    /** How long the idempotency key holds, or null for as long as the task is stored. */
    public @Nullable Duration idempotencyTtl() {
        return values.idempotencyTtl;
    }

    /** What submissions come to one task; null for none. */
    public @Nullable Debounce debounce() {
        return values.debounce;
    }

    /** The tags, by name. */
    public Map<String, String> tags() {
        return values.tags;
    }

    /** The id of the task that this one belongs to, or null. */
    public @Nullable String parent() {
        return values.parent;
    }
}
