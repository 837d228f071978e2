package dev.windlass.workflow;

import java.time.Instant;

import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step that has ended. Times are the store's, as the writer knew it.
 *
 * @param name the step's name
 * @param succeeded false if it has failed for good; else it has a result, or was skipped
 * @param skipped whether it had nothing to do, and so has no result
 * @param result its result, a JSON null if it gave none; null if it failed or was skipped
 * @param error why it failed; null if it did not
 * @param attempts how many tries it took, since the run's last owner or task of its own took it up
 * @param startedAt when its last try began
 * @param finishedAt when its last try ended
 * @param fleet whether it ran as a task of its own
 * @param worker the worker that recorded it, or null if that is not known
 */
public record StepInfo(String name, boolean succeeded, boolean skipped, @Nullable JsonNode result,
        @Nullable TaskError error,
        int attempts, Instant startedAt, Instant finishedAt, boolean fleet, @Nullable String worker) {}
