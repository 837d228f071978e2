package dev.windlass.workflow;

/** What a step's handler may ask about its step. Safe for use by any number of threads. */
public interface StepContext {

    /** The id of the workflow. */
    String workflowId();

    /** The number of the run, from 1. */
    int run();

    /** The step's name. */
    String name();

    /** The step's kind. */
    String kind();

    /** Which try this is, from 1. After a crash of the run's owner the count starts anew. */
    int attempt();

    /**
     * A text that is the same for every try of this step in this run, and for no other: for services that take an
     * idempotency key. A step may run more than once, since a crash may come between its end and its record.
     */
    String idempotencyKey();

    /**
     * Whether to stop: the step's time-out is over, its run is cancelled or has ended, the step has ended elsewhere, or the claim is
     * lost. The handler's thread is interrupted as well.
     */
    boolean isCancelled();
}
