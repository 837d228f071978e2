package dev.windlass.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.windlass.workflow.internal.WorkflowEngine;
import tools.jackson.databind.JsonNode;

/** One run of a workflow. Safe for use by any number of threads. */
public final class WorkflowHandle {
    private final WorkflowEngine engine;
    private final String id;
    private final int run;

    WorkflowHandle(WorkflowEngine engine, String id, int run) {
        this.engine = engine;
        this.id = id;
        this.run = run;
    }

    /** The workflow's id. */
    public String id() {
        return id;
    }

    /** The run's number, from 1. */
    public int run() {
        return run;
    }

    /**
     * Where the run stands. One get if it has ended, else two.
     *
     * @throws WorkflowNotFoundException if it has been purged
     */
    public WorkflowStatus status() {
        return engine.status(id, run);
    }

    /**
     * Waits for the run's end, by reading its state again and again: every 20 ms at first, every 2 s at last. A run that
     * ends in a worker of the same {@link Workflows} is seen at once.
     *
     * @param limit how long to wait at most
     * @return the results of the last steps, those that no other step needs, by name
     * @throws WorkflowFailedException if it has failed
     * @throws dev.windlass.TaskCancelledException if its task was cancelled
     * @throws dev.windlass.AwaitTimeoutException if the time is over; the run goes on
     * @throws InterruptedException if the thread is interrupted; the run goes on
     */
    public Map<String, JsonNode> await(Duration limit) throws InterruptedException {
        return engine.await(id, run, limit);
    }

    /**
     * The steps that have ended, with their results, in the order of the definition. One get if the run has ended, and
     * one for each result over 4 KiB; else one get a step, 32 at once, and one LIST per thousand.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public List<StepInfo> steps() throws InterruptedException {
        return engine.steps(id, run);
    }

    /** How far it has come. Two gets, and one LIST per thousand steps; for a run that is completed, one get. */
    public WorkflowProgress progress() {
        return engine.progress(id, run);
    }

    /** What it runs. One get, two if the definition is large. */
    public DagDefinition definition() {
        return engine.definition(id, run);
    }
}
