package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.windlass.WindlassException;
import dev.windlass.queue.PauseState;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses queues, and types in them (docs/protocol.md, "Pause"): one object says what is paused, {@code
 * meta/pauses/{queue}.json}, and a marker in each priority level, which sorts before all ready keys, lets each poll see by its
 * own LIST that there is something to read. Markers before state, and a name of their own for each change.
 */
final class Pauses {
    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);
    private static final int LEVELS = 10;
    private static final int TRIES = 20;

    private final Core core;
    private final String queue;

    Pauses(Core core, String queue) {
        this.core = core;
        this.queue = queue;
    }

    /** What is paused. */
    PauseState state() {
        StoredObject object = core.documents().read(Keys.pauses(queue));
        PauseDocument document = object == null ? null : PauseDocument.parse(object.body());
        return document == null ? PauseState.NONE : document.state();
    }

    /** Pauses the queue, or a type in it; a second time it says the new reason. */
    void pause(@Nullable String type, String reason, @Nullable String by) {
        var pause = new PauseState.Pause(reason, by, core.clock().now());
        change(before -> {
            var types = new TreeMap<>(before.types());
            if (type != null) {
                types.put(type, pause);
            }
            return new PauseState(type == null ? pause : before.queue(), types);
        });
        LOG.info("queue {}{} is paused{}: {}", queue, type == null ? "" : ", tasks of type " + type,
                by == null ? "" : " by " + by, reason);
    }

    /**
     * Lets the queue, or a type in it, be worked on again; false if it was not paused. It writes in any case, so that a pause
     * whose author gave up waiting for the answer cannot land any more.
     */
    boolean resume(@Nullable String type) {
        boolean changed = change(before -> {
            var types = new TreeMap<>(before.types());
            if (type != null) {
                types.remove(type);
            }
            return new PauseState(type == null ? null : before.queue(), types);
        });
        LOG.info("queue {}{} is resumed", queue, type == null ? "" : ", tasks of type " + type);
        return changed;
    }

    private boolean change(UnaryOperator<PauseState> edit) {
        core.format().ensureWritten();
        for (int i = 0; i < TRIES; i++) {
            long begin = core.environment().nanoTime();
            StoredObject object = core.documents().read(Keys.pauses(queue));
            PauseDocument before = object == null ? null : PauseDocument.parse(object.body());
            if (object != null && before == null) {
                throw new WindlassException("The object " + Keys.pauses(queue)
                        + " is nothing that this version can read. Delete it, and pause the queue again.");
            }
            PauseState known = before == null ? PauseState.NONE : before.state();
            PauseState after = edit.apply(known);
            String writeId = core.newWriteId();
            if (!after.isNone()) {
                Fork.forEach(core.environment(), "windlass-pause", markers(writeId), LEVELS, core.ready()::add);
            }
            byte[] body = new PauseDocument(queue, writeId, after).bytes();
            Written written = object == null
                    ? core.documents().create(Keys.pauses(queue), body, writeId)
                    : core.documents().replace(object, body, writeId);
            if (written instanceof Written.Lost) {
                markers(writeId).forEach(core.ready()::removeSoon); // no state will ever name them
                continue;
            }
            if (before != null) {
                markers(before.writeId()).forEach(core.ready()::removeSoon);
            }
            if (after.isNone() || isQuick(begin)) {
                return !after.equals(known);
            }
            // Somebody may have taken its markers for those of a change that never came: once more, with others.
        }
        throw new WindlassException("What is paused in queue \"" + queue
                + "\" could not be changed: others change it again and again, or the store is too slow. Try again.");
    }

    private boolean isQuick(long begin) {
        Duration patience = core.grace().multipliedBy(3).dividedBy(4);
        return core.environment().nanoTime() - begin < patience.toNanos();
    }

    private List<String> markers(String writeId) {
        return IntStream.range(0, LEVELS).mapToObj(level -> Keys.pauseMarker(queue, level, writeId)).toList();
    }
}
