package dev.windlass.workflow;

import dev.windlass.WindlassException;

/**
 * A run was told something after its end: nothing was done. Start another one.
 */
public final class WorkflowEndedException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String workflowId;

    /**
     * @param workflowId the workflow
     * @param message what happened, and what to do
     */
    public WorkflowEndedException(String workflowId, String message) {
        super(message);
        this.workflowId = workflowId;
    }

    /** The workflow it is about. */
    public String workflowId() {
        return workflowId;
    }
}
