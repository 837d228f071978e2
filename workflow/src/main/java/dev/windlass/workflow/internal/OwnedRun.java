package dev.windlass.workflow.internal;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.WorkflowListener;

/** A run that this process owns, as those see it who work for it, or have something for it. */
interface OwnedRun {

    /** The connection. */
    EngineAccess engine();

    /** The claim on the run's task. */
    EngineClaim claim();

    /** Where the run's objects are. */
    RunKeys keys();

    /** The step objects. */
    StepRecords records();

    /** Told of what happens. */
    WorkflowListener listener();

    /** What the owner's thread is told. */
    RunInbox inbox();

    /** Tells the owner that a step's outcome has landed; false if it takes no more. */
    boolean deliver(String step, StepRecords.Stored stored);

    /** It, for log lines on threads of its own. */
    default LogContext logContext() {
        return LogContext.task(claim().taskId(), claim().queue()).attempt(claim().attempt()).worker(claim().workerId())
                .workflow(keys().workflowId());
    }

    /** For log lines. */
    default String label() {
        return "workflow " + keys().workflowId() + " run " + keys().run();
    }
}
