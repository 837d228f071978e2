package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The compare-and-swap that makes a claim (docs/protocol.md, "Claim"): of a task that waits, to Running; to Cancelled if
 * somebody has asked for that. The caller has covered the claim by a lease.
 */
final class ClaimSwap {
    private final Core core;

    ClaimSwap(Core core) {
        this.core = core;
    }

    /**
     * Makes the claim, and removes the ready key off the critical path.
     *
     * @param version the task as read since the claim's key was seen; it is Pending and names that key
     * @param claim the id of this write, which names the claim
     * @param lease the lease that covers it
     * @param timeout how long the attempt may take, or null
     * @return the claim as it stands, or null if it was not made
     */
    TaskStore.Outcome.@Nullable Won swap(TaskVersion version, TaskDocument document, String claim, String lease,
            String workerId, Instant now, @Nullable Duration timeout) {
        String before = document.readyKey();
        if (document.cancelReason() != null) {
            TaskDocument cancelled = document.edit().state(TaskState.CANCELLED).set("readyKey", (String) null)
                    .set("finishedAt", now).record(claim, now, "cancelled", workerId, document.cancelReason()).build();
            if (core.tasks().replace(version, cancelled) instanceof TaskStore.Outcome.Won && before != null) {
                core.ready().removeSoon(before);
                core.notices().ended(document.id());
            }
            return null;
        }
        if (document.isExpired(now)) {
            return null; // its time has come since the caller looked: whoever meets it next ends it
        }
        Instant deadline = timeout == null ? null : now.plus(timeout);
        TaskDocument running = document.edit().state(TaskState.RUNNING).set("readyKey", (String) null)
                .set("attempt", document.attempt() + 1L).set("claimWriteId", claim).set("leaseId", lease)
                .set("workerId", workerId).set("claimedAt", now).set("deadlineAt", deadline).flag("parked", false)
                .flag("parking", false).record(claim, now, "claimed", workerId, null).build();
        if (!(core.tasks().replace(version, running) instanceof TaskStore.Outcome.Won won)
                || !won.document().isOwnedBy(claim)) {
            return null;
        }
        if (before != null) {
            core.ready().removeSoon(before);
        }
        return won;
    }
}
