package dev.windlass.workflow;

/** What becomes of a run when one of its steps has failed for good. */
public enum OnFailure {
    /** The run fails; a durable function may catch the failure and go on. */
    FAIL,
    /** The run pauses, and the step's failure is not recorded: once the run is resumed, the step is tried anew. */
    PAUSE,
    /** The run goes on, and the step's result is absent: null to whoever asks for it. */
    CONTINUE
}
