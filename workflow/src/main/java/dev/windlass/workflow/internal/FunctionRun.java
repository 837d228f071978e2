package dev.windlass.workflow.internal;

import java.util.Map;

import dev.windlass.environment.Monitor;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;

/**
 * What all who work for one owned run of a durable function share.
 *
 * @param engine the connection
 * @param claim the claim on the run's task
 * @param input the input of the run's task
 * @param createdMillis when the run was started, by the store's time
 * @param keys where the run's objects are
 * @param records the step objects
 * @param kinds the handlers of step types of this process
 * @param options how this process takes part
 * @param listener told of what happens
 * @param inbox what the owner's thread is told
 * @param gate guards the outcomes of what the function has asked for, and whether it is put aside
 */
record FunctionRun(EngineAccess engine, EngineClaim claim, FunctionInput input, long createdMillis, RunKeys keys,
        StepRecords records, Map<String, StepHandler> kinds, WorkerOptions options, WorkflowListener listener,
        RunInbox inbox, Monitor gate) implements OwnedRun {

    @Override
    public boolean deliver(String step, StepRecords.Stored stored) {
        return inbox.post(new RunEvent.Delivered(step, stored));
    }
}
