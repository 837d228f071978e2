package dev.windlass.schedule;

/** What becomes of a fire time while what was started before, by the same schedule, has not ended. */
public enum OverlapPolicy {
    /** It is fired: several may run at once. Costs no request. */
    ALLOW,
    /** It is skipped. */
    SKIP,
    /**
     * What runs is cancelled, as {@link dev.windlass.queue.TaskHandle#cancel} or
     * {@link dev.windlass.workflow.WorkflowHandle#cancel} does, and it is fired at once.
     */
    CANCEL_PREVIOUS,
    /** It is fired when what runs has ended; further ones that come meanwhile are skipped. */
    BUFFER_ONE
}
