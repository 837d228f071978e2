package dev.windlass.workflow;

import java.time.Duration;

import dev.windlass.WindlassException;
import dev.windlass.workflow.internal.WorkflowEngine;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of a {@link Dag}, with the result as a value. Safe for use by any number of threads.
 *
 * @param <O> the result
 */
public final class DagHandle<O> {
    private final WorkflowEngine engine;
    private final WorkflowHandle handle;
    private final Dag<?, O> dag;

    DagHandle(WorkflowEngine engine, WorkflowHandle handle, Dag<?, O> dag) {
        this.engine = engine;
        this.handle = handle;
        this.dag = dag;
    }

    /** The run as one of any workflow: where it stands, its steps, its progress. */
    public WorkflowHandle workflow() {
        return handle;
    }

    /** The workflow's id. */
    public String id() {
        return handle.id();
    }

    /** The run's number, from 1. */
    public int run() {
        return handle.run();
    }

    /**
     * Waits for the run's end, as {@link WorkflowHandle#await} does.
     *
     * @param limit how long to wait at most
     * @return the result, as it was after encoding and decoding; null if the step gave null
     * @throws WorkflowFailedException if it has failed
     * @throws dev.windlass.TaskCancelledException if it was cancelled
     * @throws dev.windlass.AwaitTimeoutException if the time is over; the run goes on
     * @throws WindlassException if the result cannot be read as the graph's result type
     * @throws InterruptedException if the thread is interrupted; the run goes on
     */
    public @Nullable O await(Duration limit) throws InterruptedException {
        JsonNode result = engine.await(id(), run(), dag.result(), limit);
        JsonMapper json = engine.json();
        try {
            return result.isNull() ? null : json.treeToValue(result, json.constructType(dag.outputType()));
        } catch (JacksonException e) {
            throw new WindlassException("The result of workflow '" + id() + "' cannot be read as "
                    + dag.outputType().getTypeName() + ". Was the type changed since the run was started?", e);
        }
    }
}
