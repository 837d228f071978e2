package dev.windlass.workflow;

/**
 * Told of what the runs do that this process owns. Costs no request. Called on the owner's thread, so be quick; what
 * it throws is logged and ignored.
 */
public interface WorkflowListener {

    /**
     * A step's outcome is recorded.
     *
     * @param event which, and how far the run has come
     */
    default void stepFinished(StepFinished event) {
    }

    /**
     * This process owns a run now: a new one, or one that another process has left.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param finished how many of its steps are recorded
     * @param total how many steps it has
     */
    default void runOwned(String workflowId, int run, int finished, int total) {
    }

    /**
     * A run has ended.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param status how
     */
    default void runEnded(String workflowId, int run, WorkflowStatus status) {
    }

    /**
     * A step whose outcome is recorded.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param step the step's name
     * @param succeeded whether it has a result
     * @param fleet whether it ran as a task of its own
     * @param finished how many steps of the run have ended
     * @param total how many steps it has
     */
    record StepFinished(String workflowId, int run, String step, boolean succeeded, boolean fleet, int finished,
            int total) {}
}
