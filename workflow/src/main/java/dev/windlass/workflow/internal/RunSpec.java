package dev.windlass.workflow.internal;

/** What the input of a run's task says of the run, whatever it runs. */
interface RunSpec {

    /** The workflow. */
    String workflowId();

    /** The run's number, from 1. */
    int run();

    /** What a state calls its form: {@code dag} or {@code function}. */
    String form();

    /** The name of what it runs. */
    String name();

    /** The same for everyone who starts the same. */
    String hash();

    /** The version of what it runs, from 1. */
    default int version() {
        return 1;
    }

    /** The first of the runs of which each has gone on as the next, up to this one; its own number if there are none. */
    default int since() {
        return run();
    }

    /** How many steps it has; 0 if that is not known before its end. */
    int steps();
}
