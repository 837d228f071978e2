package dev.windlass.queue;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** What a handler may ask about the task that it works on. Safe for use by any number of threads. */
public interface TaskContext {

    /** The task's id. */
    String id();

    /** The queue it was claimed from. */
    String queue();

    /** The name of its type. */
    String type();

    /** How often it has been claimed, this time included, from 1: the fencing token. */
    int attempt();

    /** A text that is the same for every attempt of this task, for services that take an idempotency key. */
    String idempotencyKey();

    /** When this attempt's time is over, by the store's time; null if it has no time-out. */
    @Nullable
    Instant deadline();

    /**
     * Whether to stop: somebody asked to cancel the task, its time-out is over, the worker's lease is lost, or the
     * worker's drain time is over. The handler's thread is interrupted as well.
     */
    boolean isCancelled();

    /**
     * Says how far the work is, for people and programs that watch: {@link TaskHandle#progress}. Does not wait: what is said
     * is written every 5 seconds at most, and once more before the attempt's end is recorded; so a task that says
     * something costs a PUT, and one more for each 5 seconds in which it says more. Kept apart from the task, whose
     * fate never depends on it; what the store refuses is left out, with a line in the log.
     *
     * @param percent 0 to 100
     * @param message what is being done, cut after 1,000 characters; null for nothing
     * @throws dev.windlass.InvalidInputException if the percentage is outside
     */
    void progress(double percent, @Nullable String message);

    /**
     * Adds to a counter of this attempt, such as {@code "rows"}; written as {@link #progress} says.
     *
     * @param name of the counter, at most 200 bytes once percent-encoded; at most 50 of them
     * @param more what to add; may be negative
     * @throws dev.windlass.InvalidInputException if the name cannot be used, or there are too many
     */
    void count(String name, long more);

    /**
     * Prints a line, or several, kept beside the task: {@link TaskHandle#output()}. Written as {@link #progress} says, by
     * one more PUT each time. Lines are cut after 8,192 characters; of an attempt that prints more than 4 MiB the rest is
     * counted, and not kept.
     *
     * @param text the line; line breaks in it part lines
     */
    void print(String text);

    /**
     * Gives the task back, to run again after a while: what the handler throws with it. Does not count as a failure.
     *
     * <pre>{@code throw task.reschedule(Duration.ofMinutes(5));}</pre>
     *
     * @param delay zero to ten years
     */
    RescheduleRequest reschedule(Duration delay);
}
