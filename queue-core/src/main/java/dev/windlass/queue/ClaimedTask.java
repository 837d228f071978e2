package dev.windlass.queue;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task that this program has claimed and works on without a {@link Worker}. Nobody renews its lease but {@link #extend}.
 * Whoever knows id and {@link #token} can go on with it, in another process too: {@link TaskQueue#claimed}.
 *
 * <p>A claim ends by {@link #complete}, {@link #fail} or {@link #requeue}, or when its lease is over: then any worker,
 * {@code Windlass.sweep} or the next manual claim gives the task to somebody else, and whatever this program still says of
 * it is refused by {@link dev.windlass.LeaseLostException}. Safe for use by any number of threads.
 */
public interface ClaimedTask {

    /**
     * How long a claim stands.
     *
     * @param until nobody takes the task over before this time, by the store's clock
     * @param cancelReason why somebody asked to cancel the task meanwhile, or null if nobody did; end it soon
     */
    record Lease(Instant until, @Nullable String cancelReason) {}

    /** The task's id. */
    String id();

    /** What proves the claim: 16 letters and digits, fresh for each claim. */
    String token();

    /**
     * The task as it was claimed; of {@link TaskQueue#claimed} as it is now, one GET at the first call.
     *
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    TaskInfo info();

    /** Its input, also if it is stored beside it (one GET); null if it has none. */
    @Nullable
    JsonNode input();

    /**
     * The lease as it was claimed or last extended here; null of {@link TaskQueue#claimed}, until it is extended.
     */
    @Nullable
    Lease lease();

    /**
     * Lets the claim last so long from now, shorter or longer than before. One PUT; two GETs more after
     * {@link TaskQueue#claimed}; a GET and a PUT more when somebody has asked to cancel since. Durable on return; safe to
     * repeat.
     *
     * @param length 1 second to 1 hour
     * @throws dev.windlass.LeaseLostException if the claim has ended
     * @throws dev.windlass.InvalidInputException if the length is outside, or the token is none of this task
     */
    Lease extend(Duration length);

    /**
     * Ends the claim with a result. One PUT, and one GET more after {@link TaskQueue#claimed}. Durable on return; safe to
     * repeat with the same result.
     *
     * @param output the result, encoded as JSON, at most 64 MiB; null for none
     * @return the task as it stands
     * @throws dev.windlass.LeaseLostException if the claim has ended otherwise; nothing was recorded
     * @throws dev.windlass.InvalidInputException if the result cannot be encoded or is too large, or the token is none of
     *         this task; nothing was recorded
     */
    TaskInfo complete(@Nullable Object output);

    /**
     * Ends the claim as failed: the task is tried again while it has attempts left. Two PUTs. Durable on return; safe to
     * repeat with the same error.
     *
     * @param error what went wrong
     * @param permanent whether to fail for good, whatever attempts are left
     * @return the task as it stands
     * @throws dev.windlass.LeaseLostException if the claim has ended otherwise; nothing was recorded
     * @throws dev.windlass.InvalidInputException if the token is none of this task; nothing was recorded
     */
    TaskInfo fail(TaskError error, boolean permanent);

    /**
     * Gives the task back, without counting a failure. Two PUTs. Durable on return; safe to repeat. With a delay it counts as
     * a reschedule: one more than {@link SubmitOptions#withMaxReschedules} allows, and the task fails for good.
     *
     * @param delay how long nobody may claim it, zero to ten years
     * @return the task as it stands
     * @throws dev.windlass.LeaseLostException if the claim has ended otherwise; nothing was recorded
     * @throws dev.windlass.InvalidInputException if the delay is outside, or the token is none of this task
     */
    TaskInfo requeue(Duration delay);
}
