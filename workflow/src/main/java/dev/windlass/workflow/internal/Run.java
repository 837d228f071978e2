package dev.windlass.workflow.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import tools.jackson.databind.JsonNode;

/**
 * What all who work for one owned run share.
 *
 * @param engine the connection
 * @param claim the claim on the run's task
 * @param input the input of the run's task
 * @param createdMillis when the run was started, by the store's time
 * @param keys where the run's objects are
 * @param plan what is done and ready; the owner's thread only
 * @param records the step objects
 * @param kinds the handlers of this process
 * @param options how this process takes part
 * @param listener told of what happens
 * @param inbox what the owner's thread is told
 */
record Run(EngineAccess engine, EngineClaim claim, RunInput input, long createdMillis, RunKeys keys, RunPlan plan,
        StepRecords records, Map<String, StepHandler> kinds, WorkerOptions options, WorkflowListener listener,
        RunInbox inbox) implements OwnedRun {

    String segment(int step) {
        return engine.keySegment("step name", plan.step(step).name());
    }

    /**
     * The outcomes of the steps that one needs, all of them recorded, in the order in which it names them; the run's input
     * where it names that, and for the step of an item the item in place of its list.
     */
    StepOutcome[] parents(int step) {
        int[] needs = plan.needs(step);
        StepOutcome[] parents = new StepOutcome[needs.length];
        for (int i = 0; i < needs.length; i++) {
            StepOutcome parent = needs[i] < 0 ? input.asOutcome() : plan.outcome(needs[i]);
            if (parent == null) {
                throw new IllegalStateException(label() + ": step " + plan.step(step).name() + " lacks a parent");
            }
            parents[i] = parent;
        }
        String over = plan.over(step);
        JsonNode item = plan.item(step);
        if (over != null && item != null) {
            int list = plan.step(step).needs().indexOf(over);
            parents[list] = parents[list].withResult(item);
        }
        return parents;
    }

    /** The results of what a step needs, by name, without those that are absent; fresh copies. Any thread's. */
    Map<String, JsonNode> results(DagStep step, StepOutcome[] parents) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (int i = 0; i < parents.length; i++) {
            String need = step.needs().get(i);
            if (parents[i].hasResult()) {
                results.put(need, records.result(engine.keySegment("step name", need), parents[i]));
            }
        }
        return results;
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
