package dev.windlass.workflow.internal;

import java.util.Map;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;

/**
 * What all who work for one owned run share.
 *
 * @param engine the connection
 * @param claim the claim on the run's task
 * @param input the input of the run's task
 * @param createdMillis when the run was started, by the store's time
 * @param keys where the run's objects are
 * @param plan what is done and ready; the owner's thread only
 * @param outcomes the recorded outcomes by step index, null where none is; the owner's thread only
 * @param records the step objects
 * @param kinds the handlers of this process
 * @param options how this process takes part
 * @param listener told of what happens
 * @param inbox what the owner's thread is told
 */
@SuppressWarnings("ArrayRecordComponent") // shared on purpose, never compared
record Run(EngineAccess engine, EngineClaim claim, RunInput input, long createdMillis, RunKeys keys, RunPlan plan,
        StepOutcome[] outcomes,
        StepRecords records, Map<String, StepHandler> kinds, WorkerOptions options, WorkflowListener listener,
        RunInbox inbox) implements OwnedRun {

    String segment(int step) {
        return engine.keySegment("step name", plan.step(step).name());
    }

    /** The outcomes of the steps that one needs, all of them recorded, in the order in which it names them. */
    StepOutcome[] parents(int step) {
        int[] needs = plan.needs(step);
        StepOutcome[] parents = new StepOutcome[needs.length];
        for (int i = 0; i < needs.length; i++) {
            parents[i] = outcomes[needs[i]];
        }
        return parents;
    }

    /** It and one of its steps, for log lines on threads of their own. */
    LogContext logContext(int step) {
        return logContext().step(plan.step(step).name());
    }

    @Override
    public boolean deliver(String step, StepRecords.Stored stored) {
        int index = plan.indexOf(step);
        return index >= 0 && inbox.post(new RunEvent.Recorded(index, stored.outcome(), null, stored.size()));
    }
}
