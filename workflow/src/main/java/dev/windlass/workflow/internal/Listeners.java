package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.spi.Audience;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;

/** The worker's own listener, and the connection's; what one throws is nobody else's matter. */
final class Listeners implements WorkflowListener {
    private final Audience<WorkflowListener> all;

    private Listeners(List<WorkflowListener> all) {
        this.all = new Audience<>("workflow listener", all);
    }

    static Listeners of(EngineAccess engine, WorkerOptions options) {
        var all = new ArrayList<WorkflowListener>();
        all.add(options.listener());
        all.addAll(engine.observers(WorkflowListener.class));
        return new Listeners(all);
    }

    @Override
    public void stepFinished(StepFinished event) {
        all.tell(one -> one.stepFinished(event));
    }

    @Override
    public void stepTried(StepTried event) {
        all.tell(one -> one.stepTried(event));
    }

    @Override
    public void runOwned(String workflowId, int run, int finished, int total) {
        all.tell(one -> one.runOwned(workflowId, run, finished, total));
    }

    @Override
    public void runEnded(String workflowId, int run, WorkflowStatus status) {
        all.tell(one -> one.runEnded(workflowId, run, status));
    }

    @Override
    public void runPaused(String workflowId, int run, String reason) {
        all.tell(one -> one.runPaused(workflowId, run, reason));
    }
}
