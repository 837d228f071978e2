package dev.windlass.workflow.internal;

import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose failures are nobody's. */
final class SafeListener implements WorkflowListener {
    private static final Logger LOG = LoggerFactory.getLogger(SafeListener.class);

    private final WorkflowListener listener;
    private final String label;

    SafeListener(WorkflowListener listener, String label) {
        this.listener = listener;
        this.label = label;
    }

    @Override
    public void stepFinished(StepFinished event) {
        safely(() -> listener.stepFinished(event));
    }

    @Override
    public void runOwned(String workflowId, int run, int finished, int total) {
        safely(() -> listener.runOwned(workflowId, run, finished, total));
    }

    @Override
    public void runEnded(String workflowId, int run, WorkflowStatus status) {
        safely(() -> listener.runEnded(workflowId, run, status));
    }

    private void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.warn("{}: a listener failed; the run goes on", label, e);
        }
    }
}
