package dev.windlass.workflow;

import java.time.Duration;

/**
 * Told of what the runs do that this process owns. Costs no request. Called on the owner's thread, so be quick; what
 * it throws is logged and ignored. Given to a worker by {@link WorkerOptions#withListener}; an observer of the connection
 * ({@link dev.windlass.Windlass.Builder#observer}) that implements it is told of all workers' runs.
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
     * A try of a step has ended in this process, whether or not more of them follow. Unlike all else here also called for
     * steps of runs that another process owns, on the thread of the step.
     *
     * @param event which, and how
     */
    default void stepTried(StepTried event) {
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
     * A run pauses by itself, and goes on once somebody resumes it.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param reason why, for people
     */
    default void runPaused(String workflowId, int run, String reason) {
    }

    /**
     * A step whose outcome is recorded.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param step the step's name
     * @param kind the step's kind
     * @param succeeded false if it has failed for good; else it has a result, or was skipped
     * @param fleet whether it ran as a task of its own
     * @param finished how many steps of the run have ended
     * @param total how many steps it has
     */
    record StepFinished(String workflowId, int run, String step, String kind, boolean succeeded, boolean fleet,
            int finished, int total) {}

    /** How a try of a step ended. */
    enum TryOutcome {
        /** With a result. */
        SUCCEEDED,
        /** The body threw, or what it returned is no result. */
        FAILED,
        /** It took longer than its time-out. */
        TIMED_OUT,
        /** Called off, counting as no failure: the worker stops, the claim is lost, or the step had ended elsewhere. */
        STOPPED
    }

    /**
     * A try of a step that has ended.
     *
     * @param workflowId the workflow
     * @param run the run's number
     * @param step the step's name
     * @param kind the step's kind
     * @param attempt which try, from 1
     * @param outcome how it ended
     * @param fleet whether the step ran as a task of its own
     * @param took how long its body ran; what is told at a time-out, when the body may still run, is the time until then
     */
    record StepTried(String workflowId, int run, String step, String kind, int attempt, TryOutcome outcome,
            boolean fleet, Duration took) {}
}
