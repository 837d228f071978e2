package dev.windlass.workflow;

import java.time.Instant;

import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as its state tells. Times are the store's, as the writer knew it.
 *
 * @param id its id
 * @param run the number of its latest run
 * @param status where that run stands; of one that is open, {@link WorkflowStatus#PENDING}, whether or not a worker owns it,
 *            or {@link WorkflowStatus#PAUSED}
 * @param function whether it runs a durable function; else a graph
 * @param name the name of the function's type, or of the graph
 * @param startedAt when the run was started
 * @param endedAt when it ended, or null
 * @param pauseReason why it is paused, or null
 * @param cancelReason why it was to be cancelled, or null
 * @param error why it failed, or null
 */
public record WorkflowInfo(String id, int run, WorkflowStatus status, boolean function, String name, Instant startedAt,
        @Nullable Instant endedAt, @Nullable String pauseReason, @Nullable String cancelReason,
        @Nullable TaskError error) {}
