package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.windlass.environment.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoints of a run of a function. The owner's thread only. */
final class FunctionCheckpoints {
    private static final int BETWEEN_CHECKPOINTS = 100;
    private static final int READ_ONE_BY_ONE = 12;
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCheckpoints.class);

    private final FunctionRun run;
    private final Environment environment;
    private int fresh;
    private int inCheckpoint;
    private boolean busy;

    FunctionCheckpoints(FunctionRun run, FunctionRecovery recovery) {
        this.run = run;
        this.environment = run.engine().environment();
        this.inCheckpoint = recovery.checkpoint().outcomes().size();
        this.fresh = recovery.outcomes().size() - inCheckpoint;
    }

    /** An outcome has been recorded. */
    void recorded() {
        fresh++;
    }

    boolean isBusy() {
        return busy;
    }

    /**
     * Puts one on a thread of its own, once enough has been recorded since the last one.
     *
     * @param whole whether the function has come to where earlier owners were
     * @param known how many outcomes it would hold
     */
    void putIfDue(boolean whole, int known, Supplier<Map<String, StepOutcome>> outcomes) {
        if (busy || fresh < Math.max(BETWEEN_CHECKPOINTS, inCheckpoint / 10) || !whole) {
            return;
        }
        busy = true;
        inCheckpoint = known;
        fresh = 0;
        Checkpoint checkpoint = new Checkpoint(outcomes.get(), run.claim().attempt(), false, List.of(), Map.of());
        environment.start("windlass-checkpoint", () -> {
            try (var log = run.logContext()) {
                checkpoint.put(run);
            } catch (RuntimeException e) {
                LOG.warn("{}: a checkpoint was not written; a recovery would read more step objects", run.label(), e);
            }
            run.inbox().post(new RunEvent.Deed(() -> busy = false));
        });
    }

    /** Writes what the next owner needs to go on where this one stops, if it could not read that as cheaply. */
    void handOver(Supplier<Map<String, StepOutcome>> outcomes, List<Op> calls, Collection<Op> waiting) {
        if (fresh < READ_ONE_BY_ONE && calls.isEmpty() && waiting.isEmpty()) {
            return;
        }
        List<String> out = new ArrayList<>();
        calls.forEach(op -> out.add(op.name));
        long now = environment.nanoTime();
        Instant store = run.engine().storeTime();
        Map<String, Checkpoint.Retry> retries = new LinkedHashMap<>();
        waiting.forEach(op -> retries.put(op.name,
                new Checkpoint.Retry(op.failures, store.plusNanos(Math.max(0, op.retryAt - now)))));
        new Checkpoint(outcomes.get(), run.claim().attempt(), true, out, retries).put(run);
    }
}
