package dev.windlass.workflow;

/** What a {@link StepHandler} may return in place of a result. */
public enum StepResult {
    /**
     * The step had nothing to do: it has ended, without a result. The steps that need it run, and do not find it among
     * their parents.
     */
    SKIPPED
}
