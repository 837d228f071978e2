package dev.windlass.workflow.internal;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of a run's end: in the log, to those who wait in this process, and to listeners. */
record RunConclusion(LiveRuns live, WorkflowListener listener) {
    private static final Logger LOG = LoggerFactory.getLogger(RunConclusion.class);

    void ended(RunKeys keys, EngineOutcome outcome, @Nullable TaskError error, int steps) {
        live.ended();
        String label = "workflow " + keys.workflowId() + " run " + keys.run();
        WorkflowStatus status = switch (outcome) {
            case EngineOutcome.Fail fail -> {
                LOG.warn("{} has failed: {}", label, error == null ? "recorded so before" : error.summary());
                yield WorkflowStatus.FAILED;
            }
            case EngineOutcome.Cancel cancel -> {
                LOG.info("{} is cancelled: {}", label, cancel.reason());
                yield WorkflowStatus.CANCELLED;
            }
            default -> {
                LOG.info("{} is completed: {} steps", label, steps);
                yield WorkflowStatus.COMPLETED;
            }
        };
        listener.runEnded(keys.workflowId(), keys.run(), status);
    }

    /** Why a run fails whose attempts are used up. */
    static TaskError usedUp(EngineClaim claim) {
        return new TaskError("attempts-used-up", "The run has lost " + claim.failures()
                + " owners, which is all that it may lose: they died, lost their lease or failed. The history of "
                + "task " + claim.taskId() + " tells how.", null);
    }
}
