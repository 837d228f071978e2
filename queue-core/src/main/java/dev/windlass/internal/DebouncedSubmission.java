package dev.windlass.internal;

import java.time.Instant;
import java.util.function.Function;

import dev.windlass.WindlassException;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.spi.SubmittedTask;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Submits unless a task of the same key waits (docs/protocol.md, "Debounce"). The tasks of a key are numbered, and their ids
 * derived from key and number, so that all who submit at once come to one and the same. {@code debounce/{queue}/{key}.json}
 * holds a number that is not beyond the latest; from there on one looks forward.
 */
final class DebouncedSubmission {
    private static final Logger LOG = LoggerFactory.getLogger(DebouncedSubmission.class);
    private static final int TRIES = 100;

    private final Core core;
    private final String queue;

    DebouncedSubmission(Core core, String queue) {
        this.core = core;
        this.queue = queue;
    }

    /** Where one begins to look. */
    private record Pointer(@Nullable StoredObject object, long number) {}

    /**
     * Submits.
     *
     * @param create submits under an id, or answers the task that has it
     */
    SubmittedTask submit(SubmitOptions options, Debounce debounce, Function<String, SubmittedTask> create) {
        Pointer pointer = pointer(debounce.key());
        long number = Math.max(1, pointer.number());
        boolean first = pointer.number() == 0; // tried at once; what is there already is read
        int lost = 0;
        while (lost < TRIES) {
            String id = id(debounce.key(), number);
            TaskVersion version = first ? null : core.tasks().read(id);
            first = false;
            TaskDocument document = version == null ? null : version.document();
            if (version != null && document == null) {
                throw new WindlassException("The object of task " + id + " (" + version.object().key()
                        + ") is no task that this version can read. Run `windlass audit` to list such objects.");
            }
            if (version == null || document == null || document.state() == TaskState.TOMBSTONE
                    || document.state() == TaskState.REMOVED) {
                SubmittedTask submitted = create.apply(id);
                if (submitted.created()) {
                    advance(debounce.key(), pointer, number);
                    return submitted;
                }
                lost++;
            } else if (waits(document)) {
                SubmittedTask waiting = debounce.kind() == Debounce.Kind.KEEP
                        ? keep(version, document)
                        : move(version, document, options);
                if (waiting != null) {
                    return waiting;
                }
                lost++;
            } else {
                number++;
            }
        }
        throw new WindlassException("No task of the debounce key \"" + debounce.key() + "\" in queue \"" + queue
                + "\" could be found waiting or be submitted: others come and go too fast. Try again.");
    }

    private String id(String key, long number) {
        return Keys.derivedTaskId("debounce:" + queue, number + ":" + key);
    }

    /** One that was claimed before has seen what there was to be seen then: it does not count as waiting. */
    private boolean waits(TaskDocument document) {
        return document.state() == TaskState.PENDING && !wasClaimed(document) && document.cancelReason() == null
                && !document.isExpired(core.clock());
    }

    /** In this life: a redrive begins anew. */
    private static boolean wasClaimed(TaskDocument document) {
        for (int i = document.history().size() - 1; i >= 0; i--) {
            switch (document.history().get(i).event()) {
                case "claimed" -> {
                    return true;
                }
                case "submitted", "redriven" -> {
                    return false;
                }
                default -> {
                    // further back
                }
            }
        }
        return document.attempt() > 0;
    }

    private SubmittedTask keep(TaskVersion version, TaskDocument document) {
        String readyKey = document.readyKey();
        if (readyKey != null) {
            core.ready().add(readyKey); // whoever submitted it may have died between its puts
            announce(document, readyKey);
        }
        core.observers().submitted(queue, document.type(), false);
        return new SubmittedTask(document.id(), false, version.object());
    }

    /** The next generation, due at another time; null if somebody else came first. */
    private @Nullable SubmittedTask move(TaskVersion version, TaskDocument document, SubmitOptions options) {
        Instant now = core.clock().now();
        Instant due = Instant.ofEpochMilli(
                Submission.due(options.dueAt(), options.delay(), now, core.clock().surelyPast()).toEpochMilli());
        String writeId = core.newWriteId();
        String before = document.readyKey();
        String readyKey = Keys.ready(queue, document.priority(), due, document.id(), document.gen() + 1, writeId);
        core.ready().add(readyKey); // index before state
        TaskDocument next = document.edit().set("gen", document.gen() + 1).set("readyKey", readyKey).set("dueAt", due)
                .record(writeId, now, "requeued", null, "its due time was replaced").build();
        return switch (core.tasks().replace(version, next)) {
            case TaskStore.Outcome.Won won -> {
                if (before != null) {
                    core.ready().removeSoon(before);
                }
                announce(next, readyKey);
                core.observers().submitted(queue, document.type(), false);
                yield new SubmittedTask(document.id(), false, won.version().object());
            }
            case TaskStore.Outcome.Lost lost -> {
                core.ready().removeSoon(readyKey); // lost for good: no body will ever name it
                yield null;
            }
        };
    }

    private void announce(TaskDocument document, String readyKey) {
        if (!document.dueAt().isAfter(core.clock().now())) {
            core.notices().arrived(queue, readyKey);
        }
    }

    private Pointer pointer(String key) {
        StoredObject object = core.documents().read(Keys.debounce(queue, key));
        ObjectNode json = object == null ? null : Json.object(object.body());
        return new Pointer(object, json == null ? 0 : json.path("number").asLong(0));
    }

    /** Only a help for those who come next: who finds a lower number looks a little longer. */
    private void advance(String key, Pointer from, long number) {
        try {
            tryToAdvance(key, from, number);
        } catch (WindlassException e) {
            LOG.warn("queue {}: the number of the debounce key {} could not be written; the task is submitted: {}",
                    queue,
                    key, e.getMessage());
        }
    }

    private void tryToAdvance(String key, Pointer from, long number) {
        String writeId = core.newWriteId();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("key", key);
        json.put("number", number);
        json.put("writeId", writeId);
        Pointer pointer = from;
        while (pointer.number() < number) {
            StoredObject object = pointer.object();
            Written written = object == null
                    ? core.documents().create(Keys.debounce(queue, key), Json.bytes(json), writeId)
                    : core.documents().replace(object, Json.bytes(json), writeId);
            if (written instanceof Written.Won) {
                return;
            }
            writeId = core.newWriteId();
            json.put("writeId", writeId);
            pointer = pointer(key);
        }
    }
}
