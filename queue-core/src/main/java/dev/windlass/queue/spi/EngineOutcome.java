package dev.windlass.queue.spi;

import java.time.Instant;

import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How an engine's task goes on after a claim. */
public sealed interface EngineOutcome {

    /**
     * It is done.
     *
     * @param output its result as JSON
     */
    record Complete(JsonNode output) implements EngineOutcome {}

    /**
     * It has failed for good, whatever attempts are left.
     *
     * @param error why
     */
    record Fail(TaskError error) implements EngineOutcome {}

    /**
     * It is called off.
     *
     * @param reason why, for its history
     */
    record Cancel(String reason) implements EngineOutcome {}

    /**
     * It can only wait: it holds no thread, worker or lease until it is due or a wake key comes. Call
     * {@link EngineClaim#announcePark()} before the last look at what may have come in.
     *
     * @param due when to run at the latest, by the store's time, or null for only by a wake key
     */
    record Park(@Nullable Instant due) implements EngineOutcome {}

    /** It goes back to the queue for any worker, without counting as a failure: this worker stops. */
    record Release() implements EngineOutcome {}
}
