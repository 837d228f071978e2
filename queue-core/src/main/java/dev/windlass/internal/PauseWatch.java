package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.windlass.queue.PauseState;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a poller knows of its queue's pauses: nothing is read as long as its LISTs show no marker. Markers that no state
 * names go when they are older than the grace period. Used by one poller only.
 */
final class PauseWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);
    /** While something is paused, it is read with each poll, but not more often than this. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private final Core core;
    private final String queue;
    private final Runnable onChange;
    private volatile PauseState state = PauseState.NONE;
    private String known = "";
    private long readAt;

    /** @param onChange called when something has been paused or resumed */
    PauseWatch(Core core, String queue, Runnable onChange) {
        this.core = core;
        this.queue = queue;
        this.onChange = onChange;
    }

    PauseState state() {
        return state;
    }

    /**
     * A look has seen these markers.
     *
     * @param markers when each was put, by its key
     * @return whether something has been paused or resumed since the look before
     */
    boolean seen(Map<String, Instant> markers) {
        if (markers.isEmpty()) {
            return become(PauseState.NONE, "");
        }
        long now = core.environment().nanoTime();
        boolean same = !known.isEmpty() && markers.keySet().stream().allMatch(key -> key.endsWith('.' + known));
        if (same && now - readAt < FRESH.toNanos()) {
            return false;
        }
        readAt = now;
        StoredObject object = core.documents().read(Keys.pauses(queue));
        @Nullable
        PauseDocument document = object == null ? null : PauseDocument.parse(object.body());
        String named = document == null ? "" : document.writeId();
        markers.forEach((key, put) -> {
            if (!key.endsWith('.' + named)
                    && Duration.between(put, core.clock().now()).compareTo(core.grace()) > 0) {
                core.ready().removeSoon(key);
            }
        });
        return become(document == null ? PauseState.NONE : document.state(), named);
    }

    private boolean become(PauseState next, String writeId) {
        known = writeId;
        boolean changed = !next.equals(state);
        if (changed) {
            LOG.info("queue {}: {}", queue, next.isNone()
                    ? "nothing is paused"
                    : next.queue() != null
                            ? "it is paused: " + next.queue().reason()
                            : "tasks of some types are paused: " + next.types().keySet());
            state = next;
            onChange.run();
        }
        return changed;
    }
}
