package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's own listener, and the connection's; what one throws is nobody else's matter. */
final class Listeners implements WorkflowListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<WorkflowListener> all;

    private Listeners(List<WorkflowListener> all) {
        this.all = List.copyOf(all);
    }

    static Listeners of(EngineAccess engine, WorkerOptions options) {
        var all = new ArrayList<WorkflowListener>();
        all.add(options.listener());
        all.addAll(engine.observers(WorkflowListener.class));
        return new Listeners(all);
    }

    @Override
    public void stepFinished(StepFinished event) {
        each(event.workflowId(), one -> one.stepFinished(event));
    }

    @Override
    public void stepTried(StepTried event) {
        each(event.workflowId(), one -> one.stepTried(event));
    }

    @Override
    public void runOwned(String workflowId, int run, int finished, int total) {
        each(workflowId, one -> one.runOwned(workflowId, run, finished, total));
    }

    @Override
    public void runEnded(String workflowId, int run, WorkflowStatus status) {
        each(workflowId, one -> one.runEnded(workflowId, run, status));
    }

    @Override
    public void runPaused(String workflowId, int run, String reason) {
        each(workflowId, one -> one.runPaused(workflowId, run, reason));
    }

    private void each(String workflowId, Consumer<WorkflowListener> call) {
        for (WorkflowListener listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("workflow {}: the listener {} failed; the run goes on", workflowId,
                        listener.getClass().getName(), e);
            }
        }
    }
}
