package dev.windlass.workflow;

import dev.windlass.WindlassException;
import dev.windlass.queue.TaskError;

/** Somebody waits for a run that has failed for good. Carries the stored failure. */
public final class WorkflowFailedException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String workflowId;
    private final transient TaskError error;

    /**
     * @param workflowId the workflow
     * @param message what happened, and what to do
     * @param error the failure as stored
     */
    public WorkflowFailedException(String workflowId, String message, TaskError error) {
        super(message);
        this.workflowId = workflowId;
        this.error = error;
    }

    /** The workflow it is about. */
    public String workflowId() {
        return workflowId;
    }

    /** The failure as stored; names the step. */
    public TaskError error() {
        return error;
    }
}
