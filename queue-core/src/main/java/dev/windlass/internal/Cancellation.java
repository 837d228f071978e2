package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cancels tasks (docs/protocol.md, "cancel"). One that waits becomes Cancelled by compare-and-swap; one that runs gets a
 * request in its body, which turns whatever comes next but completion into Cancelled, and its worker a message.
 */
final class Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);
    private static final int MESSAGE_TRIES = 5;
    private static final int PAUSE_MILLIS = 50;

    private final Core core;

    Cancellation(Core core) {
        this.core = core;
    }

    /** What came of asking to cancel a task. */
    enum Answer {
        /** It never runs. */
        CANCELLED,
        /** It runs, and is asked to stop. */
        ASKED,
        /** It had ended before. */
        ENDED
    }

    /**
     * Asks to cancel a task.
     *
     * @param by who asks, or null
     */
    Answer cancel(String taskId, String reason, @Nullable String by) {
        TaskVersion version = core.tasks().read(taskId);
        while (true) {
            TaskDocument document = version == null ? null : version.document();
            if (version == null || document == null || document.state() == TaskState.TOMBSTONE
                    || document.state() == TaskState.REMOVED) {
                throw core.taskNotFound(taskId);
            }
            if (document.state().isFinal()) {
                return document.state() == TaskState.CANCELLED ? Answer.CANCELLED : Answer.ENDED;
            }
            if (document.cancelReason() != null) {
                return Answer.ASKED;
            }
            Instant now = core.clock().now();
            String writeId = core.newWriteId();
            boolean waits = document.state() == TaskState.PENDING;
            TaskDocument next = waits
                    ? document.edit().state(TaskState.CANCELLED).set("readyKey", (String) null).set("finishedAt", now)
                            .set("cancelledBy", by).record(writeId, now, "cancelled", null, reason).build()
                    : document.edit().set("cancelRequested", request(reason, now)).set("cancelledBy", by)
                            .record(writeId, now, "cancel-requested", null, reason).build();
            switch (core.tasks().replace(version, next)) {
                case TaskStore.Outcome.Won won -> {
                    String readyKey = document.readyKey();
                    if (waits && readyKey != null) {
                        core.ready().removeSoon(readyKey);
                        core.notices().ended(taskId);
                    }
                    if (!waits) {
                        tryToTellWorker(document, reason);
                    }
                    return waits ? Answer.CANCELLED : Answer.ASKED;
                }
                case TaskStore.Outcome.Lost lost -> version = lost.current();
            }
        }
    }

    /**
     * Takes back a task that waits, in the version given or a later one.
     *
     * @return whether it is cancelled now, by this call or before: also by one whose outcome was not learnt
     */
    boolean withdraw(String taskId, StoredObject known) {
        TaskVersion version = new TaskVersion(known, TaskDocument.parse(known.body(), taskId));
        while (true) {
            TaskDocument document = version.document();
            if (document == null || document.state() != TaskState.PENDING) {
                return document != null && document.state() == TaskState.CANCELLED;
            }
            Instant now = core.clock().now();
            TaskDocument next = document.edit().state(TaskState.CANCELLED).set("readyKey", (String) null)
                    .set("finishedAt", now).record(core.newWriteId(), now, "withdrawn", null, null).build();
            switch (core.tasks().replace(version, next)) {
                case TaskStore.Outcome.Won won -> {
                    String readyKey = document.readyKey();
                    if (readyKey != null) {
                        core.ready().removeSoon(readyKey);
                    }
                    return true;
                }
                case TaskStore.Outcome.Lost lost -> {
                    TaskVersion current = lost.current();
                    if (current == null) {
                        return false;
                    }
                    version = current;
                }
            }
        }
    }

    private static ObjectNode request(String reason, Instant now) {
        ObjectNode request = Json.MAPPER.createObjectNode();
        request.put("reason", reason);
        request.put("at", now.toEpochMilli());
        return request;
    }

    /** Best effort, since the request stands in the task's body. */
    private void tryToTellWorker(TaskDocument task, String reason) {
        try {
            tellWorker(task, reason);
        } catch (WindlassException e) {
            try (var context = task.logContext()) {
                LOG.warn("task {}: its worker {} could not be told of the cancel request, which stands: {}", task.id(),
                        task.workerId(), e.getMessage());
            }
        }
    }

    /** Puts a message into the mailbox of the lease. */
    private void tellWorker(TaskDocument task, String reason) {
        String leaseId = task.leaseId();
        String claim = task.claimWriteId();
        if (leaseId == null || claim == null) {
            return;
        }
        StoredObject object = core.documents().read(Keys.lease(leaseId));
        for (int i = 0; i < MESSAGE_TRIES && object != null; i++) {
            LeaseDocument lease = LeaseDocument.parse(object.body());
            if (lease == null || lease.isDead()) {
                return;
            }
            String writeId = core.newWriteId();
            LeaseDocument next = lease.withMessage(
                    new LeaseDocument.Message(writeId, "cancel", task.id(), claim, reason),
                    aliveAt(lease, object), writeId);
            switch (core.documents().replace(object, next.bytes(), writeId)) {
                case Written.Won won -> {
                    return;
                }
                case Written.Lost lost -> {
                    object = lost.current();
                    pause(i);
                }
            }
        }
        try (var context = task.logContext()) {
            LOG.debug(
                    "task {}: the worker {} was not told of the cancel request; it will see it when it ends the attempt",
                    task.id(), task.workerId());
        }
    }

    /** Writers of messages space their tries, so that they do not starve the heartbeat. */
    private void pause(int tries) {
        long millis = (long) (PAUSE_MILLIS * (tries + 1) * (0.5 + core.environment().random().nextDouble()));
        try {
            core.environment().sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A message must not make a dead worker look alive. */
    private static Instant aliveAt(LeaseDocument lease, StoredObject object) {
        @Nullable
        Instant known = lease.aliveAt();
        return known == null ? object.lastModified() : known;
    }
}
