package dev.windlass.chaos.check;

/** What must hold of every run, whatever was done to its processes and requests. */
public enum Rule {
    /** An acknowledged task is in the store. */
    NOT_LOST("an acknowledged task is there"),
    /** Every task is in a final state when all has drained. */
    FINISHED("every task has ended"),
    /** A task has ended as its kind must. */
    RIGHT_END("a task has ended as its kind must"),
    /** A task that completed has the result that its input must yield. */
    RIGHT_RESULT("a result is the one that its input yields"),
    /** What was final has not changed. */
    ONE_END("what is final does not change"),
    /** A task's history is a life that the protocol allows: at most one outcome for each attempt, nothing after the end. */
    ONE_OUTCOME("a history has one outcome for each attempt, and nothing after the end"),
    /** No handler ran in an attempt that the task has not had, or had only after its end. */
    NO_RUN_AFTER_END("no handler ran for a task that had ended when its attempt was claimed"),
    /** At most one handler ran for each attempt. */
    ONE_RUN("each attempt ran at most once"),
    /** An attempt ran where its history says that it was claimed. */
    RUN_BY_CLAIMANT("an attempt ran at the worker that had claimed it"),
    /** An outcome that is recorded is what the handler did. */
    TRUE_OUTCOME("a recorded outcome is what the handler did"),
    /** No task started before it was due. */
    NOT_EARLY("no task started before it was due"),
    /** One idempotency key is one task, of one input. */
    ONE_TASK_PER_KEY("a key is one task of one input"),
    /** A task whose cancel was acknowledged was not claimed any more. */
    CANCEL_KEPT("an acknowledged cancel holds"),
    /** What failed is listed among the dead. */
    DEAD_LISTED("a failed task is listed among the dead"),
    /** An acknowledged run has ended. */
    RUN_FINISHED("an acknowledged run has ended"),
    /** A run has ended as its graph must. */
    RUN_RIGHT_END("a run has ended as its graph must"),
    /** A step of a completed run is recorded, once, with the result that its parents yield. */
    STEP_RIGHT("each step is recorded with the result that its parents yield"),
    /** A step was given the results of the steps that it needs. */
    STEP_INPUT("a step started with the results of all that it needs"),
    /** A step that needs a failed one never started. */
    STEP_BARRED("a step that needs a failed one never started"),
    /** A recorded step was not run again by a process that came later. */
    STEP_NOT_REPEATED("a recorded step is not run again by an owner that came later"),
    /** Nothing that cannot be a crash's leftover was found when all had drained. */
    LEFTOVERS("an audit finds only what crashes may leave, and repairs it"),
    /** An audit at the end finds nothing. */
    AUDIT("an audit at the end finds nothing"),
    /** No lease is left when all workers have ended. */
    NO_LEASE("no lease is left");

    private final String says;

    Rule(String says) {
        this.says = says;
    }

    /** What it demands. */
    public String says() {
        return says;
    }
}
