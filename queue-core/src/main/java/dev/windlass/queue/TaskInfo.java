package dev.windlass.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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
 * @param cancelReason why somebody asked to cancel it, or null
 * @param cancelledBy who asked to cancel it, where he said so, or null
 * @param expiresAt when it may start no longer, or null
 * @param reschedules how often its handler has rescheduled it
 * @param maxReschedules how often it may, or null for no limit
 * @param tags its tags by name; empty if it has none
 * @param parent the task that it belongs to, or null
 * @param input its input as JSON, or null if it is stored beside it
 * @param output its result as JSON, or null if there is none, or if it is stored beside it
 * @param error its last failure, or null
 * @param history its last transitions, oldest first; at most 20
 * @param retry how often it may be tried, and the wait between the tries
 * @param timeout how long one attempt may take, or null for no limit
 * @param leaseId the lease of the last claim, or null
 * @param inputRef where its input is stored if it is stored beside it, or null
 * @param outputRef where its result is stored if it is stored beside it, or null
 * @param inputCodec by which codec its input is encoded, or null; {@code input} is null if that codec cannot read it here
 * @param outputCodec the same of its result
 */
public record TaskInfo(String id, String queue, String type, TaskStatus status, int priority, int attempt, int failures,
        int maxAttempts, Instant createdAt, Instant dueAt, boolean parked, @Nullable Instant startedAt,
        @Nullable Instant finishedAt, @Nullable String workerId, boolean cancelRequested,
        @Nullable String cancelReason, @Nullable String cancelledBy, @Nullable Instant expiresAt, int reschedules,
        @Nullable Integer maxReschedules, Map<String, String> tags, @Nullable String parent, @Nullable JsonNode input,
        @Nullable JsonNode output, @Nullable TaskError error, List<Transition> history, RetryPolicy retry,
        @Nullable Duration timeout, @Nullable String leaseId, @Nullable String inputRef, @Nullable String outputRef,
        @Nullable String inputCodec, @Nullable String outputCodec) {

    /** Copies history and tags. */
    public TaskInfo {
        tags = Map.copyOf(tags);
        history = List.copyOf(history);
    }
}
