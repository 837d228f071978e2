package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;

import dev.windlass.workflow.internal.WorkflowEngine;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One run of a durable function: a {@link WorkflowHandle} that knows the type of the result. Safe for use by any number of
 * threads.
 *
 * @param <O> the result
 */
public final class FunctionHandle<O> {
    private final WorkflowEngine engine;
    private final WorkflowHandle handle;
    private final Type type;

    FunctionHandle(WorkflowEngine engine, WorkflowHandle handle, Type type) {
        this.engine = engine;
        this.handle = handle;
        this.type = type;
    }

    /** The workflow's id. */
    public String id() {
        return handle.id();
    }

    /** All that can be done with any run: status, steps, pause, resume, cancel, … */
    public WorkflowHandle run() {
        return handle;
    }

    /** Where the run stands. One get if it has ended, else two. */
    public WorkflowStatus status() {
        return handle.status();
    }

    /**
     * Waits for the run's end; see {@link WorkflowHandle#await}.
     *
     * @param limit how long to wait at most
     * @return the result; null if there is none
     * @throws WorkflowFailedException if it has failed
     * @throws dev.windlass.TaskCancelledException if it was cancelled
     * @throws dev.windlass.AwaitTimeoutException if the time is over; the run goes on
     * @throws InterruptedException if the thread is interrupted; the run goes on
     */
    public @Nullable O await(Duration limit) throws InterruptedException {
        Map<String, JsonNode> results = handle.await(limit);
        return engine.decodeResult(id(), results, type);
    }

    /** Sends a signal; see {@link WorkflowHandle#signal(String, Object)}. */
    public String signal(String name, @Nullable Object value) {
        return handle.signal(name, value);
    }

    /** Sends a signal by an id; see {@link WorkflowHandle#signal(String, Object, String)}. */
    public String signal(String name, @Nullable Object value, String signalId) {
        return handle.signal(name, value, signalId);
    }

    /** Asks the run to end; see {@link WorkflowHandle#cancel}. */
    public boolean cancel(String reason) {
        return handle.cancel(reason);
    }

    @Override
    public String toString() {
        return handle.id() + " run " + handle.run();
    }
}
