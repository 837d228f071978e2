package dev.windlass.queue;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task as it stood when it was read. Times are the store's, as the writer knew it. Immutable; the JSON trees must not
 * be changed.
 *
 * @param id its id
 * @param queue its queue
 * @param type the name of its type
 * @param status where it stands
 * @param priority 0 (first) to 9
 * @param attempt how often it has been claimed: the fencing token
 * @param failures what counts against the attempts allowed: failed, timed out, lease lost
 * @param maxAttempts the attempts allowed
 * @param createdAt when it was submitted
 * @param dueAt when it may start at the earliest; of a parked task, when it wakes by itself at the latest
 * @param parked whether it waits for a wake key or its due time, as an engine's tasks do
 * @param startedAt when it was last claimed, or null
 * @param finishedAt when it reached a final status, or null
 * @param workerId the worker of the last claim, or null
 * @param cancelRequested whether somebody has asked to cancel it while it runs
 * @param input its input as JSON, or null if it is stored beside it
 * @param output its result as JSON, or null if there is none, or if it is stored beside it
 * @param error its last failure, or null
 * @param history its last transitions, oldest first; at most 20
 */
public record TaskInfo(String id, String queue, String type, TaskStatus status, int priority, int attempt, int failures,
        int maxAttempts, Instant createdAt, Instant dueAt, boolean parked, @Nullable Instant startedAt,
        @Nullable Instant finishedAt, @Nullable String workerId, boolean cancelRequested, @Nullable JsonNode input,
        @Nullable JsonNode output, @Nullable TaskError error, List<Transition> history) {

    /** Copies the history. */
    public TaskInfo {
        history = List.copyOf(history);
    }
}
