package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.WindlassException;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.spi.SubmittedTask;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Submits tasks (docs/protocol.md, "submit"): the task's object (if absent) and its ready key, in parallel; acknowledged
 * when both have landed. A name that is taken, by a duplicate, a tombstone or a removed task, is dealt with here.
 */
final class Submission {
    private static final int NAMES_TRIED = 5;

    private final Core core;

    Submission(Core core) {
        this.core = core;
    }

    /**
     * A task to submit.
     *
     * @param inputHash of queue, type and input; what makes a duplicate the same task
     * @param inline the input, or null if it stands at {@code inputRef}
     * @param key the idempotency key, or null; for people
     */
    record Draft(String id, String queue, String type, int priority, RetryPolicy retry, @Nullable Duration timeout,
            @Nullable Duration delay, @Nullable Instant dueAt, boolean engine, String inputHash,
            @Nullable JsonNode inline, @Nullable String inputRef, @Nullable String key, Extras extras) {}

    /**
     * What few tasks have.
     *
     * @param expiresAt when it may start no longer, or null
     * @param ttl how long after submission it may start no longer, or null
     * @param maxReschedules how often its handler may reschedule it, or null
     * @param keyTtl how long its idempotency key holds, or null
     * @param inputCodec how its input is encoded, or null
     * @param debounced whether it may be another one with other input
     */
    record Extras(@Nullable Instant expiresAt, @Nullable Duration ttl, @Nullable Integer maxReschedules,
            @Nullable Duration keyTtl, Map<String, String> tags, @Nullable String parent,
            @Nullable String inputCodec, boolean debounced) {
        static final Extras NONE = new Extras(null, null, null, null, Map.of(), null, null, false);
    }

    /**
     * Submits an application's task; its input goes beside it if it is large.
     *
     * @param input encoded, and checked for its size
     * @param key the idempotency key, or null; for people
     */
    SubmittedTask submit(String id, String queue, String type, byte[] input, SubmitOptions options,
            @Nullable String key) {
        Codecs.Encoded encoded = core.payloads().codecs().encode(new PayloadCodec.Payload(id, queue, type, "input"),
                input);
        JsonNode short64 = encoded == null ? null : encoded.inline();
        boolean inline = encoded == null ? input.length <= Payloads.INLINE : short64 != null;
        String reference = null;
        if (!inline) {
            core.format().ensureWritten();
            reference = core.payloads().put(id, "input", encoded == null ? input : encoded.bytes());
        }
        JsonNode tree = encoded != null ? short64 : inline ? Json.MAPPER.readTree(input) : null;
        return submit(new Draft(id, queue, type, options.priority(), options.retry(), options.timeout(),
                options.delay(), options.dueAt(), false, inputHash(queue, type, input), tree, reference, key,
                new Extras(options.expiresAt(), options.ttl(), options.maxReschedules(), options.idempotencyTtl(),
                        options.tags(), options.parent(), encoded == null ? null : encoded.codec(),
                        options.debounce() != null)));
    }

    /** What a duplicate must agree in. */
    static String inputHash(String queue, String type, byte[] input) {
        return Keys.sha256Hex(Keys.sha256Hex(queue) + Keys.sha256Hex(type) + Keys.sha256Hex(input));
    }

    SubmittedTask submit(Draft draft) {
        core.format().ensureWritten();
        TaskVersion taken = null;
        for (int i = 0; i < NAMES_TRIED; i++) {
            long start = core.environment().nanoTime();
            long gen = taken == null ? 1 : documentOf(taken, draft).gen() + 1;
            TaskDocument document = document(draft, gen, taken);
            String readyKey = readyKey(document);
            TaskStore.Outcome outcome;
            if (taken == null) {
                Fork<Boolean> ready = Fork.start(core.environment(), "windlass-ready-put", () -> {
                    core.ready().add(readyKey);
                    return true;
                });
                try {
                    outcome = core.tasks().create(document);
                } finally {
                    ready.join();
                }
            } else {
                core.ready().add(readyKey); // index before state
                outcome = core.tasks().replace(taken, document);
            }
            switch (outcome) {
                case TaskStore.Outcome.Won won -> {
                    TaskVersion version = acknowledge(won.version(), document, start);
                    if (!document.dueAt().isAfter(core.clock().now())) {
                        core.notices().arrived(draft.queue(), readyKey);
                    }
                    core.observers().submitted(draft.queue(), draft.type(), true);
                    return new SubmittedTask(draft.id(), true, version.object());
                }
                case TaskStore.Outcome.Lost lost -> {
                    core.ready().removeSoon(readyKey); // lost for good: no body will ever name it
                    TaskVersion current = lost.current();
                    if (current != null && !isReusable(documentOf(current, draft))
                            && !isKeyOver(documentOf(current, draft))) {
                        return duplicate(draft, current);
                    }
                    taken = current;
                }
            }
        }
        throw new WindlassException("Task " + draft.id() + " could not be submitted: its object comes and goes. "
                + "Check that nothing else deletes objects in this store.");
    }

    /** Its key has held long enough, and it has ended: the next task with that key stands in its place. */
    private boolean isKeyOver(TaskDocument document) {
        Instant end = document.keyExpiresAt();
        return end != null && document.state().isFinal() && end.isBefore(core.clock().now());
    }

    private static boolean isReusable(TaskDocument document) {
        return document.state() == TaskState.TOMBSTONE || document.state() == TaskState.REMOVED;
    }

    private static TaskDocument documentOf(TaskVersion version, Draft draft) {
        TaskDocument document = version.document();
        if (document == null) {
            throw new WindlassException("The object of task " + draft.id() + " (" + version.object().key()
                    + ") is no task that this version can read. Run `windlass audit` to list such objects.");
        }
        return document;
    }

    private TaskDocument document(Draft draft, long gen, @Nullable TaskVersion before) {
        Instant now = core.clock().isKnown() ? core.clock().now() : core.environment().wallTime();
        Instant past = core.clock().isKnown() ? core.clock().surelyPast() : now;
        Instant due = due(draft.dueAt(), draft.delay(), now, past);
        Instant dueMillis = Instant.ofEpochMilli(due.toEpochMilli());
        String writeId = core.newWriteId();
        TaskDocument.Edit edit = before == null ? TaskDocument.create() : documentOf(before, draft).edit();
        Duration timeout = draft.timeout();
        edit.set("id", draft.id()).set("queue", draft.queue()).set("type", draft.type()).state(TaskState.PENDING)
                .set("gen", gen)
                .set("readyKey",
                        Keys.ready(draft.queue(), draft.priority(), dueMillis, draft.id(), gen, writeId))
                .set("priority", draft.priority()).set("createdAt", now).set("dueAt", dueMillis)
                .retry(draft.retry()).flag("engine", draft.engine()).set("inputHash", draft.inputHash())
                .set("idempotencyKey", draft.key()).set("input", draft.inline()).set("inputRef", draft.inputRef())
                .set("failures", 0).set("timeoutMillis", (JsonNode) null);
        Extras extras = draft.extras();
        Integer most = extras.maxReschedules();
        edit.set("expiresAt", extras.ttl() == null ? extras.expiresAt() : now.plus(extras.ttl()))
                .set("maxReschedules", most == null ? null : (JsonNode) Json.MAPPER.getNodeFactory().numberNode(most))
                .set("keyExpiresAt", extras.keyTtl() == null ? null : now.plus(extras.keyTtl())).tags(extras.tags())
                .set("parent", extras.parent()).set("inputCodec", extras.inputCodec());
        // Nothing of a life before this one counts, but its attempts, which fence.
        for (String field : List.of("cancelRequested", "claimWriteId", "leaseId", "workerId", "claimedAt", "deadlineAt",
                "finishedAt", "output", "outputRef", "outputCodec", "error", "parked", "parking", "reschedules",
                "cancelledBy")) {
            edit.set(field, (JsonNode) null);
        }
        if (timeout != null) {
            edit.set("timeoutMillis", timeout.toMillis());
        }
        return edit.record(writeId, now, "submitted", null, null).build();
    }

    /** When a task is due: at a time, after a while, or at once, which is a time that has surely passed. */
    static Instant due(@Nullable Instant dueAt, @Nullable Duration delay, Instant now, Instant past) {
        return dueAt != null ? dueAt : delay != null ? now.plus(delay) : past;
    }

    private static String readyKey(TaskDocument document) {
        String key = document.readyKey();
        if (key == null) {
            throw new IllegalStateException("a pending task has a ready key: " + document.id());
        }
        return key;
    }

    /** If the puts took so long that the ready key may have been judged an orphan, the task becomes claimable anew. */
    private TaskVersion acknowledge(TaskVersion landed, TaskDocument submitted, long start) {
        Duration patience = core.grace().multipliedBy(3).dividedBy(4);
        long submittedGen = submitted.gen();
        TaskVersion version = landed;
        while (core.environment().nanoTime() - start > patience.toNanos()) {
            TaskDocument document = version.document();
            if (document == null || document.state() != TaskState.PENDING || document.gen() != submittedGen) {
                return version; // somebody has seen it
            }
            String writeId = core.newWriteId();
            Instant now = core.clock().now();
            String key = Keys.ready(document.queue(), document.priority(), document.dueAt(), document.id(),
                    document.gen() + 1, writeId);
            core.ready().add(key);
            TaskDocument next = document.edit().set("gen", document.gen() + 1).set("readyKey", key)
                    .record(writeId, now, "requeued", null, "the submission took longer than the grace period").build();
            switch (core.tasks().replace(version, next)) {
                case TaskStore.Outcome.Won won -> {
                    String before = document.readyKey();
                    if (before != null) {
                        core.ready().removeSoon(before);
                    }
                    return won.version();
                }
                case TaskStore.Outcome.Lost lost -> {
                    core.ready().removeSoon(key);
                    TaskVersion current = lost.current();
                    if (current == null) {
                        return version;
                    }
                    version = current;
                }
            }
        }
        return version;
    }

    private SubmittedTask duplicate(Draft draft, TaskVersion current) {
        TaskDocument document = documentOf(current, draft);
        if (draft.extras().debounced()) {
            return new SubmittedTask(draft.id(), false, current.object()); // what becomes of it is decided elsewhere
        }
        if (!draft.inputHash().equals(document.inputHash())) {
            throw new IdempotencyConflictException(draft.id(), "The idempotency key "
                    + (draft.key() == null ? draft.id() : '"' + draft.key() + '"') + " belongs to task " + draft.id()
                    + " of type \"" + document.type() + "\" in queue \"" + document.queue()
                    + "\", which has another type, queue or input. Use another key, or the same input.", null);
        }
        String readyKey = document.readyKey();
        if (document.state() == TaskState.PENDING && readyKey != null) {
            core.ready().add(readyKey); // whoever submitted it first may have died between its puts
            if (!document.dueAt().isAfter(core.clock().now())) {
                core.notices().arrived(document.queue(), readyKey);
            }
        }
        core.observers().submitted(draft.queue(), draft.type(), false);
        return new SubmittedTask(draft.id(), false, current.object());
    }
}
