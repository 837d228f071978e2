package dev.windlass.queue.spi;

import java.time.Duration;

import dev.windlass.queue.RetryPolicy;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A task of an engine, to be submitted under an id that the engine derives.
 *
 * @param id its id, see {@link EngineAccess#deriveTaskId}
 * @param queue the queue that it waits in
 * @param type the name of its type; workers with an {@link EngineHandler} of that type claim it
 * @param input its input as JSON, at most 256 KiB encoded; larger parts belong into a payload
 * @param priority 0 (first) to 9
 * @param retry attempts allowed, and the wait between them
 * @param timeout how long one attempt may take, or null for no limit
 */
public record EngineTaskSpec(String id, String queue, String type, JsonNode input, int priority, RetryPolicy retry,
        @Nullable Duration timeout) {}
