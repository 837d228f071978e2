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

    /** Changes the state of a run, or of the one that it has gone on as. */
    private interface Change {
        RunStates.State of(RunStates.State state, int run);
    }

    /** What stands afterwards: of the run that was changed. */
    private record Changed(RunKeys keys, RunStates.State state) {
        boolean isOpen() {
            return state.isOpen(keys.run());
        }

        boolean isCancelled() {
            return state.run() == keys.run() && state.status() == WorkflowStatus.CANCELLED;
        }
    }

    private Changed change(RunKeys keys, Change change) {
        RunStates.State state = states.require(keys);
        while (true) {
            int run = state.followed(keys.run());
            state = change.of(state, run);
            if (state.followed(keys.run()) == run) {
                return new Changed(keys.ofRun(run), state);
            }
        }
    }

    /** False if the run had ended otherwise before. */
    boolean cancel(RunKeys keys, String reason) {
        Changed changed = change(keys, (state, run) -> states.requestCancel(state, run, reason));
        if (!changed.isOpen()) {
            return changed.isCancelled();
        }
        tell(changed.keys());
        return true;
    }

    /** Ends the run at once, without its owner; false if it had ended otherwise before. */
    boolean terminate(RunKeys keys, String reason) {
        return change(keys, (state, run) -> terminated(state, keys.ofRun(run), reason)).isCancelled();
    }

    private RunStates.State terminated(RunStates.State state, RunKeys keys, String reason) {
        if (!state.isOpen(keys.run())) {
            return state;
        }
        if (new RunEnd(engine, states).terminate(state, keys, reason)) {
            LOG.warn("workflow {} run {} is terminated: {}", keys.workflowId(), keys.run(), reason);
            live.ended();
            tell(keys);
        }
        return states.require(keys);
    }

    void pause(RunKeys keys, String reason) {
        tell(requireOpen(change(keys, (state, run) -> states.pause(state, run, reason, "user")), "paused"));
    }

    void resume(RunKeys keys) {
        tell(requireOpen(change(keys, states::resume), "resumed"));
    }

    private static RunKeys requireOpen(Changed changed, String what) {
        if (!changed.isOpen()) {
            RunKeys keys = changed.keys();
            throw new WorkflowEndedException(keys.workflowId(), "Run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' has ended (" + (changed.state().run() == keys.run()
                            ? changed.state().status()
                            : "run " + changed.state().run() + " has followed")
                    + ") and cannot be " + what + ".");
        }
        return changed.keys();
    }

    private void tell(RunKeys keys) {
        String task = keys.taskId(engine);
        live.notice(task);
        var parked = engine.wakeIfParked(task);
        LOG.debug("workflow {} run {}: told; its task is {}", keys.workflowId(), keys.run(), parked.kind());
    }
}
