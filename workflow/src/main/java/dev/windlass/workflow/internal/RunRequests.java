package dev.windlass.workflow.internal;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.WorkflowStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What anybody may ask of a run: to pause, to go on, to end. Each is one compare-and-swap of the run's state, which the
 * owner reads from the claim on, and then a wake key if the run is parked. Safe for use by any number of threads.
 */
final class RunRequests {
    private static final Logger LOG = LoggerFactory.getLogger(RunRequests.class);

    private final EngineAccess engine;
    private final RunStates states;
    private final LiveRuns live;

    RunRequests(EngineAccess engine, RunStates states, LiveRuns live) {
        this.engine = engine;
        this.states = states;
        this.live = live;
    }

    /** False if the run had ended otherwise before. */
    boolean cancel(RunKeys keys, String reason) {
        RunStates.State state = states.requestCancel(states.require(keys), keys.run(), reason);
        if (!state.isOpen(keys.run())) {
            return state.run() == keys.run() && state.status() == WorkflowStatus.CANCELLED;
        }
        tell(keys);
        return true;
    }

    /** Ends the run at once, without its owner; false if it had ended otherwise before. */
    boolean terminate(RunKeys keys, String reason) {
        RunStates.State state = states.require(keys);
        if (state.isOpen(keys.run())) {
            new RunEnd(engine, states).terminate(state, keys, reason);
            LOG.warn("workflow {} run {} is terminated: {}", keys.workflowId(), keys.run(), reason);
            live.ended();
            tell(keys);
            state = states.require(keys);
        }
        return state.run() == keys.run() && state.status() == WorkflowStatus.CANCELLED;
    }

    void pause(RunKeys keys, String reason) {
        requireOpen(keys, states.pause(states.require(keys), keys.run(), reason, "user"), "paused");
        tell(keys);
    }

    void resume(RunKeys keys) {
        requireOpen(keys, states.resume(states.require(keys), keys.run()), "resumed");
        tell(keys);
    }

    private static void requireOpen(RunKeys keys, RunStates.State state, String what) {
        if (!state.isOpen(keys.run())) {
            throw new WorkflowEndedException(keys.workflowId(), "Run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' has ended (" + (state.run() == keys.run()
                            ? state.status()
                            : "run " + state.run() + " has followed")
                    + ") and cannot be " + what + ".");
        }
    }

    private void tell(RunKeys keys) {
        String task = keys.taskId(engine);
        live.notice(task);
        var parked = engine.wakeIfParked(task);
        LOG.debug("workflow {} run {}: told; its task is {}", keys.workflowId(), keys.run(), parked.kind());
    }
}
