package dev.windlass.workflow;

import dev.windlass.WindlassException;

/**
 * There is no such workflow: the id is wrong, or its retention is over.
 */
public final class WorkflowNotFoundException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String workflowId;

    /**
     * @param workflowId the workflow
     * @param message what happened, and what to do
     */
    public WorkflowNotFoundException(String workflowId, String message) {
        super(message);
        this.workflowId = workflowId;
    }

    /** The workflow it is about. */
    public String workflowId() {
        return workflowId;
    }
}
