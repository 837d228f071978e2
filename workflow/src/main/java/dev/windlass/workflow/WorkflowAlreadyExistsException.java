package dev.windlass.workflow;

import dev.windlass.WindlassException;

/**
 * The id of a workflow is taken: by a run of another definition or with another input, or by any run, where the start was not
 * to find one ({@link StartOptions.ExistingId#REJECT}). Nothing new was started. Use another id, or the same again.
 */
public final class WorkflowAlreadyExistsException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String workflowId;

    /**
     * @param workflowId the workflow
     * @param message what happened, and what to do
     */
    public WorkflowAlreadyExistsException(String workflowId, String message) {
        super(message);
        this.workflowId = workflowId;
    }

    /** The workflow it is about. */
    public String workflowId() {
        return workflowId;
    }
}
