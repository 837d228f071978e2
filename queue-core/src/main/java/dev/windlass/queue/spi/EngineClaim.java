package dev.windlass.queue.spi;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A claim on an engine's task. The attempt is the fencing token. Safe for use by any number of threads, until the
 * handler returns.
 */
public interface EngineClaim {

    /** The task's id. */
    String taskId();

    /** The worker that claimed it. */
    String workerId();

    /** The queue it was claimed from. */
    String queue();

    /** Its priority, 0 (first) to 9. */
    int priority();

    /** The name of its type. */
    String type();

    /** How often it has been claimed, this time included; from 1. */
    int attempt();

    /** How many failures count against its attempts so far. */
    int failures();

    /** Its input as submitted. */
    JsonNode input();

    /**
     * Whether the claim is known to be lost, or can no longer be trusted since the worker's lease could not be renewed
     * in time: start nothing new. The thread of the handler is interrupted, too.
     */
    boolean isLost();

    /** Whether the worker drains: come to a point where {@link EngineOutcome.Release} is right, and return it. */
    boolean isStopping();

    /**
     * Registers what to do once {@link #isLost()} or {@link #isStopping()} turns true; at once if one of them is. Called on
     * another thread, at most once for each of the two.
     *
     * @param action quick, and makes no request
     */
    void onStop(Runnable action);

    /**
     * Says that the task is about to park, before the last look at what may have come in: from now on, whoever asks for
     * {@link EngineAccess#parkState} is told to put a wake key. One put. Call it again if the look found something and
     * a new park is tried later: only the first call of a claim writes.
     *
     * @throws dev.windlass.LeaseLostException if the claim is lost
     */
    void announcePark();

    /** The wake key that led to this claim, or null if it was claimed because it was due. */
    @Nullable
    String wakeKey();

    /**
     * Deletes the wake key that led to this claim, off the critical path. Call it only after the objects that such a key
     * may announce have been listed.
     */
    void acknowledgeWake();
}
