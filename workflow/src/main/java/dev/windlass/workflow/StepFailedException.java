package dev.windlass.workflow;

import dev.windlass.WindlassException;
import dev.windlass.queue.TaskError;

/** Thrown to a durable function: what it waits for has failed for good. If it leaves the function, the run fails. */
public final class StepFailedException extends WindlassException {
    private static final long serialVersionUID = 1L;

    private final String step;
    private final transient TaskError error;

    /**
     * @param step the name of the step, call or child
     * @param message what happened
     * @param error the failure as recorded
     */
    public StepFailedException(String step, String message, TaskError error) {
        super(message);
        this.step = step;
        this.error = error;
    }

    /** The name of the step, call or child. */
    public String step() {
        return step;
    }

    /** The failure as recorded. */
    public TaskError error() {
        return error;
    }
}
