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
     * Gives the task back, to run again after a while: what the handler throws with it. Does not count as a failure.
     *
     * <pre>{@code throw task.reschedule(Duration.ofMinutes(5));}</pre>
     *
     * @param delay zero to ten years
     */
    RescheduleRequest reschedule(Duration delay);
}
