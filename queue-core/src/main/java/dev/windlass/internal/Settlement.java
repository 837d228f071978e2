package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.windlass.LeaseLostException;
import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ends a claim: complete, fail, retry, reschedule, release, park (docs/protocol.md, "Life of a task"). One compare-and-swap
 * on the version that the claim knows; a conflict is read, and if the claim still stands (somebody asked to cancel), merged
 * and tried again; otherwise the claim is lost, and nothing is written.
 */
final class Settlement {
    /** The event of a task whose handler gives it back for a while. */
    static final String RESCHEDULED = "rescheduled";

    private final Core core;

    Settlement(Core core) {
        this.core = core;
    }

    /** How a claim is to end. */
    sealed interface Verdict {
        /** With a result. */
        record Complete(@Nullable JsonNode output, @Nullable String outputRef, @Nullable String codec)
                implements
                    Verdict {

            /** With one that is not encoded. */
            Complete(@Nullable JsonNode output, @Nullable String outputRef) {
                this(output, outputRef, null);
            }
        }

        /** As failed: tried again while attempts are left, unless {@code permanent}. */
        record Failed(TaskError error, boolean permanent, String event) implements Verdict {}

        /** Back to the queue, without counting as a failure. */
        record Again(Duration delay, String event, @Nullable String cause) implements Verdict {}

        /** Called off by its engine. */
        record Cancel(String reason) implements Verdict {}

        /** Waits for a wake key, or for a time. */
        record Park(@Nullable Instant due) implements Verdict {}
    }

    private record Plan(TaskDocument.Edit edit, TaskState state, String event, @Nullable String cause, Instant due,
            boolean parked) {}

    /**
     * Ends the claim.
     *
     * @param version the version that the claim knows
     * @param claim the write that made the claim
     * @param worker who says so, for the history
     * @param ownWrites the ids of earlier tries whose outcome was not learnt; this try adds its own
     * @return the task as it stands now
     * @throws LeaseLostException if somebody else has ended it; nothing is written
     */
    TaskDocument settle(TaskVersion version, String taskId, String claim, @Nullable String worker, Verdict verdict,
            List<String> ownWrites) {
        TaskVersion base = version;
        while (true) {
            TaskDocument document = base.document();
            if (document == null || !document.isOwnedBy(claim)) {
                if (document != null && document.history().stream().anyMatch(t -> ownWrites.contains(t.writeId()))) {
                    return document; // an earlier try had landed
                }
                throw lost(taskId, document);
            }
            Instant now = core.clock().now();
            Verdict limited = limited(document, verdict);
            Plan plan = plan(document, limited, now);
            String writeId = core.newWriteId();
            ownWrites.add(writeId);
            String readyKey = null;
            String deadKey = null;
            TaskDocument.Edit edit = plan.edit().state(plan.state()).flag("parking", false);
            if (plan.state() == TaskState.PENDING) {
                Instant due = Instant.ofEpochMilli(plan.due().toEpochMilli());
                readyKey = Keys.ready(document.queue(), document.priority(), due, taskId, document.gen() + 1, writeId);
                edit.set("gen", document.gen() + 1).set("readyKey", readyKey).set("dueAt", due)
                        .flag("parked", plan.parked()).set("claimWriteId", (String) null).set("leaseId", (String) null)
                        .set("deadlineAt", (Instant) null);
                core.ready().add(readyKey); // index before state
            } else {
                edit.set("finishedAt", now).set("readyKey", (String) null);
                if (plan.state() == TaskState.FAILED) {
                    // A name for each try: an audit may be deleting the one of the try before.
                    deadKey = Keys.dead(document.queue(), now, taskId, writeId);
                    putDead(deadKey, document, limited);
                }
            }
            TaskDocument next = edit.record(writeId, now, plan.event(), worker, plan.cause()).build();
            switch (core.tasks().replace(base, next)) {
                case TaskStore.Outcome.Won won -> {
                    announce(next, readyKey, now);
                    return won.document();
                }
                case TaskStore.Outcome.Lost lost -> {
                    if (readyKey != null) {
                        core.ready().removeSoon(readyKey); // lost for good: no body will ever name it
                    }
                    if (deadKey != null) {
                        core.ready().removeSoon(deadKey);
                    }
                    TaskVersion current = lost.current();
                    if (current == null) {
                        throw lost(taskId, null);
                    }
                    base = current;
                }
            }
        }
    }

    /** A task that was rescheduled as often as it may be fails for good by asking for one more. */
    private static Verdict limited(TaskDocument document, Verdict verdict) {
        Integer most = document.maxReschedules();
        return verdict instanceof Verdict.Again again && again.event().equals(RESCHEDULED) && most != null
                && document.reschedules() >= most && document.cancelReason() == null
                        ? new Verdict.Failed(tooManyReschedules(document), true, "failed")
                        : verdict;
    }

    /** What is wrong with a task that has been rescheduled as often as it may be, and was to be once more. */
    static TaskError tooManyReschedules(TaskDocument document) {
        return new TaskError("reschedules",
                "it has been rescheduled " + document.reschedules() + " times, which is all that it may", null);
    }

    /**
     * The verdict that has counted: one reschedule too many was a failure, and the last.
     *
     * @param after the task as the verdict has left it
     */
    static Verdict counted(Verdict verdict, TaskDocument after) {
        TaskError error = after.error();
        return verdict instanceof Verdict.Again && after.state() == TaskState.FAILED && error != null
                ? new Verdict.Failed(error, false, "failed")
                : verdict;
    }

    private void announce(TaskDocument next, @Nullable String readyKey, Instant now) {
        if (next.state().isFinal()) {
            core.notices().ended(next.id());
        } else if (readyKey != null && !next.dueAt().isAfter(now)) {
            core.notices().arrived(next.queue(), readyKey);
        }
    }

    private Plan plan(TaskDocument document, Verdict verdict, Instant now) {
        TaskDocument.Edit edit = document.edit();
        String cancelled = document.cancelReason();
        return switch (verdict) {
            case Verdict.Complete complete -> new Plan(
                    edit.set("output", complete.output()).set("outputRef", complete.outputRef())
                            .set("outputCodec", complete.codec()).error(null),
                    TaskState.COMPLETED, "completed", null, now, false);
            case Verdict.Failed failed when failed.permanent() && !document.isEngine() -> new Plan(
                    edit.error(failed.error()).set("failures", document.failures() + 1), TaskState.FAILED,
                    failed.event(), failed.error().summary(), now, false);
            case Verdict.Failed failed when failed.permanent() -> new Plan(edit.error(failed.error()), TaskState.FAILED,
                    failed.event(), failed.error().summary(), now, false);
            case Verdict.Failed failed when cancelled != null -> new Plan(
                    edit.error(failed.error()).set("failures", document.failures() + 1), TaskState.CANCELLED,
                    "cancelled", cancelled, now, false);
            case Verdict.Failed failed -> failed(document, edit, failed, now);
            case Verdict.Cancel cancel -> new Plan(edit, TaskState.CANCELLED, "cancelled", cancel.reason(), now, false);
            case Verdict.Again again when cancelled != null ->
                new Plan(edit, TaskState.CANCELLED, "cancelled", cancelled,
                        now, false);
            case Verdict.Again again -> new Plan(again.event().equals(RESCHEDULED)
                    ? edit.set("reschedules", document.reschedules() + 1L)
                    : edit, TaskState.PENDING, again.event(), again.cause(),
                    again.delay().isZero() ? core.clock().surelyPast() : now.plus(again.delay()), false);
            case Verdict.Park park when cancelled != null -> new Plan(edit, TaskState.CANCELLED, "cancelled", cancelled,
                    now, false);
            case Verdict.Park park -> new Plan(edit, TaskState.PENDING, "parked", null,
                    park.due() == null ? Instant.ofEpochMilli(9_999_999_999_999L) : park.due(), true);
        };
    }

    private Plan failed(TaskDocument document, TaskDocument.Edit edit, Verdict.Failed failed, Instant now) {
        int failures = document.failures() + 1;
        int allowed = document.retry().maxAttempts();
        edit.error(failed.error()).set("failures", failures);
        if (failures >= allowed && !document.isEngine()) {
            return new Plan(edit, TaskState.FAILED, failed.event(), failed.error().summary(), now, false);
        }
        // An engine's task whose attempts are used up goes back once more, for its finaliser.
        boolean atOnce = failed.event().equals("lease-lost") || failures == allowed;
        Duration delay = atOnce ? Duration.ZERO : document.retry().delayAfter(failures, core.environment().random());
        return new Plan(edit, TaskState.PENDING, failed.event(), failed.error().summary(),
                delay.isZero() ? core.clock().surelyPast() : now.plus(delay), false);
    }

    private void putDead(String key, TaskDocument document, Verdict verdict) {
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("id", document.id());
        entry.put("type", document.type());
        if (verdict instanceof Verdict.Failed failed) {
            entry.put("error", failed.error().summary());
        }
        core.documents().put(key, Json.bytes(entry));
    }

    private static LeaseLostException lost(String taskId, @Nullable TaskDocument current) {
        String now = current == null
                ? "its object is gone"
                : "it is " + current.state().name().toLowerCase(java.util.Locale.ROOT) + " in attempt "
                        + current.attempt();
        return new LeaseLostException(taskId, "The claim on task " + taskId + " is lost: " + now
                + ". What this attempt did is not recorded; the newer attempt counts.", null);
    }
}
