package dev.windlass.workflow;

import dev.windlass.WindlassException;

/**
 * The id of a workflow is taken by a run of another definition, or by a finished one where a new run was not asked for.
 * Nothing of the given definition will run. Use another id, or the same definition.
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
