package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.LeaseLostException;
import dev.windlass.WindlassException;
import dev.windlass.environment.Monitor;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.Transition;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A manual claim in the hand of its program: known as it was made, or by id and token alone. */
final class DefaultClaimedTask implements ClaimedTask {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultClaimedTask.class);
    private static final Duration LONGEST_DELAY = Duration.ofDays(3660);

    private final Core core;
    private final String id;
    private final String token;
    private final Monitor monitor;
    private @Nullable TaskVersion version;
    private @Nullable StoredObject leaseObject;
    private @Nullable Lease lease;

    /** Known by id and token. */
    DefaultClaimedTask(Core core, String id, String token) {
        this.core = core;
        this.id = id;
        this.token = token;
        this.monitor = core.environment().newMonitor();
    }

    /** As it was made. */
    DefaultClaimedTask(Core core, TaskVersion version, TaskDocument document, String token, StoredObject leaseObject,
            Instant until) {
        this(core, document.id(), token);
        this.version = version;
        this.leaseObject = leaseObject;
        this.lease = new Lease(until, document.cancelReason());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public TaskInfo info() {
        return core.payloads().info(document(version()));
    }

    @Override
    public @Nullable JsonNode input() {
        return core.payloads().input(document(version()));
    }

    @Override
    public @Nullable Lease lease() {
        monitor.lock();
        try {
            return lease;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public Lease extend(Duration length) {
        ClaimOptions.ofDefaults().withLease(length);
        StoredObject object = leaseObject();
        while (true) {
            LeaseDocument document = object == null ? null : LeaseDocument.parse(object.body());
            if (object == null || document == null || document.isDead()
                    || document.claims().stream().noneMatch(claim -> claim.claimWriteId().equals(token))) {
                throw over(document(fresh()));
            }
            Instant now = core.clock().now();
            String writeId = core.newWriteId();
            // Its mailbox stays: there is no handler that would remember what was in it.
            var next = new LeaseDocument(document.leaseId(), document.workerId(), writeId, writeId, false, length, null,
                    document.claims(), document.mailbox());
            switch (core.documents().replace(object, next.bytes(), writeId)) {
                case Written.Won won -> {
                    return extended(won.current(), now.plus(length));
                }
                case Written.Lost lost -> object = lost.current();
            }
        }
    }

    private Lease extended(StoredObject written, Instant until) {
        LeaseDocument document = LeaseDocument.parse(written.body());
        String cancel = document == null
                ? null
                : document.mailbox().stream()
                        .filter(message -> message.kind().equals("cancel") && token.equals(message.claimWriteId()))
                        .map(LeaseDocument.Message::reason).findFirst().orElse(null);
        monitor.lock();
        try {
            TaskDocument known = version == null ? null : version.document();
            String asked = cancel == null && known != null ? known.cancelReason() : cancel;
            leaseObject = written;
            lease = new Lease(until, asked);
            return lease;
        } finally {
            monitor.unlock();
        }
    }

    /** The object of the lease, or null if it is gone. */
    private @Nullable StoredObject leaseObject() {
        monitor.lock();
        try {
            if (leaseObject != null) {
                return leaseObject;
            }
        } finally {
            monitor.unlock();
        }
        TaskDocument document = document(fresh());
        if (!document.isOwnedBy(token)) {
            throw over(document);
        }
        return core.documents().read(Keys.lease(manualLease(document)));
    }

    @Override
    public TaskInfo complete(@Nullable Object output) {
        String what = "The result of task " + id;
        JsonNode tree = output == null ? null : Json.encode(core.mapper(), what, output);
        if (tree == null || tree.isNull()) {
            core.checks().output(document(version()).type(), null);
            return end(new Settlement.Verdict.Complete(null, null));
        }
        byte[] bytes = Json.bytes(tree);
        Payloads.check(what, bytes);
        TaskDocument before = document(version());
        core.checks().output(before.type(), tree);
        Codecs.Encoded encoded = core.payloads().codecs().encode(Payloads.of(before, "output"), bytes);
        JsonNode inline = encoded != null ? encoded.inline() : bytes.length <= Payloads.INLINE ? tree : null;
        String codec = encoded == null ? null : encoded.codec();
        if (inline != null) {
            return end(new Settlement.Verdict.Complete(inline, null, codec), bytes);
        }
        if (!before.isOwnedBy(token) && claimLine(before) == null) {
            throw noTokenOf(); // nothing is stored for others' tasks
        }
        return end(new Settlement.Verdict.Complete(null,
                core.payloads().put(id, "output", encoded == null ? bytes : encoded.bytes()), codec), bytes);
    }

    @Override
    public TaskInfo fail(TaskError error, boolean permanent) {
        return end(new Settlement.Verdict.Failed(error, permanent, "failed"));
    }

    @Override
    public TaskInfo requeue(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new InvalidInputException("The delay is " + delay + ". Use zero to ten years.");
        }
        return end(new Settlement.Verdict.Again(delay, delay.isZero() ? "released" : Settlement.RESCHEDULED,
                "given back by its worker"));
    }

    private TaskInfo end(Settlement.Verdict verdict) {
        return end(verdict, null);
    }

    /** @param plain the result as JSON, if it may be encoded */
    private TaskInfo end(Settlement.Verdict verdict, byte @Nullable [] plain) {
        TaskVersion known = version();
        TaskDocument document = document(known);
        if (!document.isOwnedBy(token)) {
            return core.payloads().info(endedBefore(document, verdict, plain));
        }
        String leaseId = manualLease(document);
        var attempt = new AttemptRef(id, document.queue(), document.type(), document.attempt(),
                Objects.requireNonNullElse(document.workerId(), ""));
        try (var context = document.logContext()) {
            TaskDocument after;
            try {
                after = new Settlement(core).settle(known, id, token, document.workerId(), verdict, new ArrayList<>());
            } catch (LeaseLostException e) {
                TaskDocument now = core.tasks().readDocument(id);
                if (now == null) {
                    throw e;
                }
                return core.payloads().info(endedBefore(now, verdict, plain));
            }
            LOG.debug("task {}: its manual attempt {} ended, the task is {}", id, document.attempt(),
                    after.state().name().toLowerCase(Locale.ROOT));
            core.observers().attemptEnded(attempt, outcome(Settlement.counted(verdict, after)), after.status());
            tryToRemoveLease(leaseId);
            return core.payloads().info(after);
        }
    }

    private static AttemptOutcome outcome(Settlement.Verdict verdict) {
        return switch (verdict) {
            case Settlement.Verdict.Complete complete -> AttemptOutcome.COMPLETED;
            case Settlement.Verdict.Again again when again.event().equals(Settlement.RESCHEDULED) ->
                AttemptOutcome.RESCHEDULED;
            case Settlement.Verdict.Again again -> AttemptOutcome.RELEASED;
            default -> AttemptOutcome.FAILED;
        };
    }

    /** Only now: its claim has ended. What is left is swept when its time is over. */
    private void tryToRemoveLease(String leaseId) {
        try {
            core.documents().delete(Keys.lease(leaseId));
        } catch (WindlassException e) {
            LOG.warn("task {}: the lease {} of its ended claim is left to a sweeper: {}", id, leaseId,
                    e.getMessage());
        }
    }

    /** The task, if this claim has ended as it is to end now: the call is a repeat. */
    private TaskDocument endedBefore(TaskDocument document, Settlement.Verdict verdict, byte @Nullable [] plain) {
        Transition end = end(document);
        boolean same = end != null && switch (verdict) {
            case Settlement.Verdict.Complete complete -> end.event().equals("completed")
                    && isSame(document, complete, plain);
            case Settlement.Verdict.Failed failed -> end.event().equals("cancelled")
                    || (end.event().equals("failed") && failed.error().summary().equals(end.cause()));
            default -> end.event().equals("cancelled") || end.event().equals("released")
                    || end.event().equals(Settlement.RESCHEDULED) || (end.event().equals("failed")
                            && Settlement.tooManyReschedules(document).summary().equals(end.cause()));
        };
        if (!same) {
            throw over(document);
        }
        return document;
    }

    /** Two encodings of one value may differ. */
    private boolean isSame(TaskDocument document, Settlement.Verdict.Complete complete, byte @Nullable [] plain) {
        if (document.outputCodec() == null && complete.codec() == null) {
            return Objects.equals(document.output(), complete.output())
                    && Objects.equals(document.outputRef(), complete.outputRef());
        }
        JsonNode stored = core.payloads().output(document);
        return stored != null && plain != null && Arrays.equals(Json.bytes(stored), plain);
    }

    private @Nullable Transition claimLine(TaskDocument document) {
        return document.history().stream()
                .filter(line -> line.writeId().equals(token) && line.event().equals("claimed")).findFirst()
                .orElse(null);
    }

    /** The line that tells how this claim has ended, or null if the history does not say it any more. */
    private @Nullable Transition end(TaskDocument document) {
        List<Transition> history = document.history();
        Transition claim = claimLine(document);
        if (claim == null) {
            throw noTokenOf();
        }
        return history.stream().skip(history.indexOf(claim) + 1L)
                .filter(line -> line.attempt() == claim.attempt() && !line.event().equals("cancel-requested"))
                .findFirst().orElse(null);
    }

    /** The lease of this claim. */
    private String manualLease(TaskDocument document) {
        String leaseId = document.leaseId();
        if (leaseId == null || !Keys.isManualLease(leaseId)) {
            throw new InvalidInputException("The claim on task " + id + " is that of worker " + document.workerId()
                    + ", whose process works on it. Only what was claimed by hand is ended by hand; windlass cancel"
                    + " asks a worker to stop.");
        }
        return leaseId;
    }

    private InvalidInputException noTokenOf() {
        return new InvalidInputException("The token " + token + " is none of task " + id
                + ", or its claim ended so long ago that the task's history does not know it. Give the id and the token"
                + " that one claim printed together. Nothing was changed.");
    }

    private LeaseLostException over(TaskDocument document) {
        Transition end = document.isOwnedBy(token) ? null : end(document);
        String how = end == null
                ? "its lease is over"
                : "it ended as " + end.event() + " at " + end.at() + (end.cause() == null ? "" : ", " + end.cause());
        return new LeaseLostException(id, "The claim with token " + token + " on task " + id + " is lost: " + how
                + ". The task is " + document.state().name().toLowerCase(Locale.ROOT) + " in attempt "
                + document.attempt() + ". Nothing was recorded; claim it again.", null);
    }

    private TaskVersion version() {
        monitor.lock();
        try {
            if (version != null) {
                return version;
            }
        } finally {
            monitor.unlock();
        }
        return fresh();
    }

    private TaskVersion fresh() {
        TaskVersion read = core.tasks().read(id);
        if (read == null) {
            throw core.taskNotFound(id);
        }
        monitor.lock();
        try {
            version = read;
        } finally {
            monitor.unlock();
        }
        return read;
    }

    private TaskDocument document(TaskVersion read) {
        TaskDocument document = read.document();
        if (document == null || document.state() == TaskState.TOMBSTONE || document.state() == TaskState.REMOVED) {
            throw core.taskNotFound(id);
        }
        return document;
    }
}
