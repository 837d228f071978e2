package dev.windlass.workflow.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** How a function's thread waits for what it has asked for. For that thread only, but where it says otherwise. */
final class FunctionAwaiting {
    private final FunctionRun run;
    private final FunctionAsk owner;
    /** Guarded by the gate. */
    private final List<Op> awaited = new ArrayList<>();
    /** Guarded by the gate. */
    private boolean stuck;
    private @Nullable Instant seen;

    FunctionAwaiting(FunctionRun run, FunctionAsk owner) {
        this.run = run;
        this.owner = owner;
    }

    /** When the last of what the function has seen had ended; null if it has seen nothing. */
    @Nullable
    Instant seen() {
        return seen;
    }

    /** Waits until one of these has ended, and the outcome of the first that has. */
    StepOutcome settle(List<Op> ops) {
        run.gate().lock();
        try {
            awaited.clear();
            awaited.addAll(ops);
            StepOutcome outcome = first(ops);
            boolean told = false;
            while (outcome == null) {
                if (owner.isSuspended()) {
                    throw new Suspension();
                }
                if (!told) {
                    told = true;
                    owner.waits();
                }
                run.gate().await();
                outcome = first(ops);
            }
            awaited.clear();
            Instant ended = outcome.finishedAt().truncatedTo(ChronoUnit.MILLIS); // as it is read again
            if (seen == null || ended.isAfter(seen)) {
                seen = ended;
            }
            return outcome;
        } catch (InterruptedException e) {
            throw new Suspension();
        } finally {
            run.gate().unlock();
        }
    }

    private static @Nullable StepOutcome first(List<Op> ops) {
        for (Op op : ops) {
            if (op.outcome != null) {
                return op.outcome;
            }
        }
        return null;
    }

    /** Whether the function waits, and for nothing that has ended. The gate is held, by any thread. */
    boolean isBlocked() {
        return stuck || (!awaited.isEmpty() && first(awaited) == null);
    }

    /** Has the run paused for a reason, and waits until the function is to unwind. */
    Suspension pause(String reason) {
        owner.pause(reason);
        run.gate().lock();
        try {
            stuck = true;
            owner.waits();
            while (!owner.isSuspended()) {
                run.gate().await();
            }
        } catch (InterruptedException e) {
            return new Suspension();
        } finally {
            run.gate().unlock();
        }
        return new Suspension();
    }
}
