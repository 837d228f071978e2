package dev.windlass.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.DeadLetter;
import dev.windlass.queue.Transition;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets tasks that failed, expired or were cancelled begin anew (docs/protocol.md, "Redrive"): the ready key first, then the
 * compare-and-swap to Pending, with fresh attempts. And lists those that failed.
 */
final class Redrive {
    private static final Logger LOG = LoggerFactory.getLogger(Redrive.class);

    private final Core core;

    Redrive(Core core) {
        this.core = core;
    }

    /** Lets one begin anew; false if it has not ended, or is completed. */
    boolean redrive(String taskId, @Nullable String reason) {
        TaskVersion version = core.tasks().read(taskId);
        while (true) {
            TaskDocument document = version == null ? null : version.document();
            if (version == null || document == null || document.state() == TaskState.TOMBSTONE
                    || document.state() == TaskState.REMOVED) {
                throw core.taskNotFound(taskId);
            }
            if (document.isEngine()) {
                throw new InvalidInputException("Task " + taskId
                        + " belongs to a workflow, which decides itself what runs again. Start its workflow anew.");
            }
            TaskState state = document.state();
            if (state != TaskState.FAILED && state != TaskState.CANCELLED && state != TaskState.EXPIRED) {
                return false;
            }
            Instant now = core.clock().now();
            Instant due = Instant.ofEpochMilli(core.clock().surelyPast().toEpochMilli());
            String writeId = core.newWriteId();
            String key = Keys.ready(document.queue(), document.priority(), due, taskId, document.gen() + 1, writeId);
            core.ready().add(key); // index before state
            Instant expiry = document.expiresAt();
            TaskDocument.Edit edit = document.edit().state(TaskState.PENDING).set("gen", document.gen() + 1)
                    .set("readyKey", key).set("dueAt", due).set("failures", 0)
                    .set("expiresAt", expiry == null || !expiry.isAfter(now) ? null : expiry);
            for (String field : List.of("cancelRequested", "cancelledBy", "claimWriteId", "leaseId", "deadlineAt",
                    "finishedAt", "output", "outputRef", "outputCodec", "reschedules")) {
                edit.set(field, (JsonNode) null);
            }
            switch (core.tasks().replace(version, edit.record(writeId, now, "redriven", null, reason).build())) {
                case TaskStore.Outcome.Won won -> {
                    if (state == TaskState.FAILED) {
                        removeEntry(document);
                    }
                    core.notices().arrived(document.queue(), key);
                    try (var context = LogContext.task(taskId, document.queue())) {
                        LOG.info("task {} begins anew: it was {}", taskId, state);
                    }
                    return true;
                }
                case TaskStore.Outcome.Lost lost -> {
                    core.ready().removeSoon(key); // lost for good: no body will ever name it
                    version = lost.current();
                }
            }
        }
    }

    /** The entry of the try by which it has failed, whose name is no other try's; what is left is an audit's. */
    private void removeEntry(TaskDocument failed) {
        List<Transition> history = failed.history();
        if (!history.isEmpty()) {
            Transition last = history.getLast();
            core.ready().removeSoon(Keys.dead(failed.queue(), last.at(), failed.id(), last.writeId()));
        }
    }

    /** The entries of a queue's index of failed tasks, the latest first. */
    List<DeadLetter> deadLetters(String queue, int limit) {
        if (limit < 1 || limit > 100_000) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 to 100000.");
        }
        var census = new Census(core);
        List<String> keys = core.documents().keys(Keys.DEAD + Keys.segment("name of the queue", queue) + '/').stream()
                .sorted().toList();
        List<String> latest = keys.subList(Math.max(0, keys.size() - limit), keys.size());
        var letters = new ArrayList<DeadLetter>();
        for (Map.Entry<String, StoredObject> entry : census.read(latest).entrySet()) {
            ObjectNode json = Json.object(entry.getValue().body());
            String name = entry.getKey().substring(entry.getKey().lastIndexOf('/') + 1);
            if (json != null && name.length() > 14 && name.substring(0, 13).chars().allMatch(Character::isDigit)) {
                letters.add(new DeadLetter(json.path("id").asString(""), queue, json.path("type").asString(null),
                        json.path("error").asString(""), Instant.ofEpochMilli(Long.parseLong(name.substring(0, 13)))));
            }
        }
        return letters.reversed();
    }
}
