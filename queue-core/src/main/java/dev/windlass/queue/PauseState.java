package dev.windlass.queue;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What of a queue is paused: nothing of it is claimed, by no worker and by no hand. Immutable.
 *
 * @param queue why the whole queue is paused, or null if it is not
 * @param types why tasks of single types are, by the name of the type; empty if none is
 */
public record PauseState(@Nullable Pause queue, Map<String, Pause> types) {
    /** Nothing is paused. */
    public static final PauseState NONE = new PauseState(null, Map.of());

    /** Copies the map. */
    public PauseState {
        types = Map.copyOf(types);
    }

    /**
     * One pause.
     *
     * @param reason why; may be empty
     * @param by who has paused it, or null if he did not say
     * @param at when, by the store's time as he knew it
     */
    public record Pause(String reason, @Nullable String by, Instant at) {}

    /** Whether nothing is paused. */
    public boolean isNone() {
        return queue == null && types.isEmpty();
    }

    /** Whether tasks of this type are not claimed: their type is paused, or the queue. */
    public boolean isPaused(String type) {
        return queue != null || types.containsKey(type);
    }
}
