package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a run's outcomes is held in memory, and when they go into a checkpoint. A checkpoint is written after every
 * hundred outcomes, or a tenth of those that there are if that is more: so a recovery reads at most that many step
 * objects one by one, and the bytes written grow in proportion to the outcomes. The owner's thread only.
 */
final class RunRecorder {
    /** Larger results are read when they are needed. */
    private static final int LARGEST_HELD = 4 * 1024;
    /** Once so much is held, all further results are read when they are needed. */
    private static final long MOST_HELD = 16L * 1024 * 1024;
    private static final int STEPS_BETWEEN = 100;
    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final Run run;
    private long held;
    private int inCheckpoint;
    private boolean writing;
    private int fresh;

    RunRecorder(Run run) {
        this.run = run;
    }

    /** An outcome as it is held in memory: without its result if that is large. */
    StepOutcome hold(StepOutcome outcome, int size) {
        if (size > LARGEST_HELD || held + size > MOST_HELD) {
            return outcome.withoutResult();
        }
        held += size;
        return outcome;
    }

    void restored(int checkpointed) {
        inCheckpoint = checkpointed;
        fresh = run.plan().done() - checkpointed;
    }

    void recorded() {
        fresh++;
    }

    boolean isBusy() {
        return writing;
    }

    void checkpointDone() {
        writing = false;
    }

    void checkpointIfDue() {
        if (writing || fresh < Math.max(STEPS_BETWEEN, inCheckpoint / 10) || run.plan().isComplete()) {
            return;
        }
        writing = true;
        inCheckpoint = run.plan().done();
        fresh = 0;
        Checkpoint checkpoint = new Checkpoint(outcomes(), run.claim().attempt(), false, List.of(), Map.of());
        run.engine().environment().start("windlass-checkpoint", () -> {
            try (var context = run.logContext()) {
                write(checkpoint);
            }
            run.inbox().post(new RunEvent.CheckpointDone());
        });
    }

    private void write(Checkpoint checkpoint) {
        try {
            checkpoint.put(run);
        } catch (RuntimeException e) {
            LOG.warn("{}: a checkpoint was not written; a recovery would read more step objects", run.label(), e);
        }
    }

    /** Writes what the next owner needs to go on where this one stops. */
    void handOver(FleetSteps fleet, RetryWaits retries) {
        List<String> out = new ArrayList<>();
        for (int step : fleet.steps()) {
            out.add(run.plan().step(step).name());
        }
        long now = run.engine().environment().nanoTime();
        Instant storeNow = run.engine().storeTime();
        Map<String, Checkpoint.Retry> waits = new LinkedHashMap<>();
        retries.all().forEach((step, due) -> waits.put(run.plan().step(step).name(),
                new Checkpoint.Retry(retries.failures(step), storeNow.plusNanos(Math.max(0, due - now)))));
        new Checkpoint(outcomes(), run.claim().attempt(), true, out, waits).put(run);
    }

    private Map<String, StepOutcome> outcomes() {
        Map<String, StepOutcome> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < run.plan().size(); i++) {
            StepOutcome outcome = run.plan().outcome(i);
            if (outcome != null && !run.plan().isFolded(i)) {
                outcomes.put(run.plan().step(i).name(), outcome);
            }
        }
        return outcomes;
    }
}
