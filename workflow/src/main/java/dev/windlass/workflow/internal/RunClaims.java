package dev.windlass.workflow.internal;

import java.util.function.Consumer;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.WorkflowListener;
import org.jspecify.annotations.Nullable;

/** How claims on the tasks of runs begin and end, whatever the runs are of. Safe for use by any number of threads. */
final class RunClaims {
    private final EngineAccess engine;
    private final RunStates states;
    private final RunEnd end;
    private final RunConclusion conclusion;

    RunClaims(EngineAccess engine, LiveRuns live, WorkflowListener listener) {
        this.engine = engine;
        this.states = new RunStates(engine);
        this.end = new RunEnd(engine, states);
        this.conclusion = new RunConclusion(live, listener);
    }

    /** What is to be done with a run that is open. */
    interface Deed {
        EngineOutcome on(RunKeys keys, RunStates.State state) throws Exception;
    }

    RunStates states() {
        return states;
    }

    /** Reads the state, or puts it right; if the run has ended, or another has followed, that is all. */
    EngineOutcome claimed(RunSpec input, Deed deed) throws Exception {
        try (var context = LogContext.ofWorkflow(input.workflowId())) {
            RunKeys keys = RunKeys.of(engine, input.workflowId(), input.run());
            RunStates.State state = states.settle(states.read(keys), keys, input);
            return state.run() != input.run() || state.status().isFinal()
                    ? end.outcomeOf(state, keys)
                    : deed.on(keys, state);
        }
    }

    /** How the task of a run ends that was ended from outside. */
    EngineOutcome over(RunStates.State state, RunKeys keys) {
        return end.outcomeOf(state, keys);
    }

    /** Ends a run: its result, its state, and how its task is to end. */
    EngineOutcome end(RunStates.State state, RunKeys keys, RunSpec input, RunEnd.Result result,
            @Nullable TaskError error, int steps) {
        EngineOutcome outcome = end.end(state, keys, input, result);
        conclusion.ended(keys, outcome, error, steps);
        return outcome;
    }

    /**
     * Ends a run whose attempts are used up, without running any of its code.
     *
     * @param first told of the end before it is recorded
     */
    EngineOutcome finalise(EngineClaim claim, RunSpec input, Consumer<RunEnd.Result> first) throws Exception {
        return claimed(input, (keys, state) -> {
            RunEnd.Result known = end.known(keys); // of an owner that has died at the last moment
            RunEnd.Result result = known == null ? RunEnd.failure(RunConclusion.usedUp(claim)) : known;
            first.accept(result);
            return end(state, keys, input, result, result.error(), result.steps().size());
        });
    }
}
