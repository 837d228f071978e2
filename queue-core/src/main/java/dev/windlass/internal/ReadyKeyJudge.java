package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a key below {@code ready/} means beside its task's body, and removes what means nothing (docs/protocol.md,
 * "Fence before forget"). A ready key is deleted only once it is certain that no body names it, nor ever will.
 */
final class ReadyKeyJudge {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyKeyJudge.class);

    private final Core core;

    ReadyKeyJudge(Core core) {
        this.core = core;
    }

    /** What a key means. */
    enum Judgement {
        /** The task can be claimed by it. */
        CLAIMABLE,
        /** It means nothing, and has been or is being deleted. */
        GARBAGE,
        /** It announces what may be under way: leave it for a moment. */
        LATER,
        /** Nobody can use it for now, here: leave it for long. */
        UNUSABLE
    }

    /**
     * Judges a key.
     *
     * @param key the key
     * @param lastModified when it was put, by the store's clock
     * @param version the task's object as read after the key was seen, or null if there was none
     */
    Judgement judge(ReadyKey key, Instant lastModified, @Nullable TaskVersion version) {
        if (version == null) {
            return isPastGrace(lastModified) ? buryMissing(key) : Judgement.LATER;
        }
        TaskDocument document = version.document();
        if (document == null) {
            return Judgement.UNUSABLE;
        }
        if (key.wake()) {
            return judgeWake(key, document);
        }
        if (document.state() == TaskState.PENDING && key.key().equals(document.readyKey())) {
            return Judgement.CLAIMABLE;
        }
        if (key.gen() <= document.gen()) {
            core.ready().removeSoon(key.key()); // its generation is over, or was another's: names are unique
            return Judgement.GARBAGE;
        }
        return isPastGrace(lastModified) ? buryAhead(key, version, document) : Judgement.LATER;
    }

    private Judgement judgeWake(ReadyKey key, TaskDocument document) {
        if (document.state().isFinal()) {
            core.ready().removeSoon(key.key());
            return Judgement.GARBAGE;
        }
        // Pending but not parked, or running: the key stands until an owner has listed what it announces.
        return document.state() == TaskState.PENDING && document.isParked()
                ? Judgement.CLAIMABLE
                : Judgement.LATER;
    }

    private boolean isPastGrace(Instant lastModified) {
        return Duration.between(lastModified, core.clock().now()).compareTo(core.grace()) > 0;
    }

    /** The task was never submitted: a tombstone stops the submission that may still be under way. */
    private Judgement buryMissing(ReadyKey key) {
        if (key.wake()) {
            core.ready().removeSoon(key.key()); // the first owner of that run lists its whole inbox
            return Judgement.GARBAGE;
        }
        Instant now = core.clock().now();
        String writeId = core.newWriteId();
        TaskDocument tombstone = TaskDocument.create().set("id", key.taskId()).set("queue", "").set("type", "")
                .state(TaskState.TOMBSTONE).set("gen", key.gen()).set("createdAt", now)
                .record(writeId, now, "tombstone", null, "a ready key without a task").build();
        if (core.tasks().create(tombstone) instanceof TaskStore.Outcome.Won) {
            LOG.info("task {} was never submitted whole: its ready key {} is removed", key.taskId(), key.key());
            core.ready().removeSoon(key.key());
            return Judgement.GARBAGE;
        }
        return Judgement.LATER; // it has come: look again
    }

    /** A requeue that died, or is late: a touch makes its compare-and-swap fail, and only then may the key go. */
    private Judgement buryAhead(ReadyKey key, TaskVersion version, TaskDocument document) {
        if (touch(version, document)) {
            LOG.info("task {}: ready key {} of a transition that never landed is removed", key.taskId(), key.key());
            core.ready().removeSoon(key.key());
            return Judgement.GARBAGE;
        }
        return Judgement.LATER; // the task has changed: look again
    }

    /**
     * Writes the task anew, with nothing changed but the write id: whatever was sent against the version before can no
     * longer land.
     *
     * @return whether the touch landed; if not, the task has changed, and nothing is decided
     */
    boolean touch(TaskVersion version, TaskDocument document) {
        TaskDocument touched = document.edit().set("writeId", core.newWriteId()).build();
        return core.tasks().replace(version, touched) instanceof TaskStore.Outcome.Won;
    }
}
