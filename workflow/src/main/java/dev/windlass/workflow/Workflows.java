package dev.windlass.workflow;

import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.internal.WorkflowEngine;

/**
 * Workflows on one connection. A run is a task of the queue {@code workflow}: the worker that claims it owns it, runs its
 * steps in place, and records each with one put; steps of wide stages go out to the queue {@code workflow-steps}.
 *
 * <pre>{@code
 * Workflows workflows = Workflows.on(windlass.engine()).stepType("digest", (step, input, parents) -> …);
 * Worker worker = workflows.worker(windlass.worker(), WorkerOptions.ofDefaults()).start();
 * WorkflowHandle run = workflows.start(dag, "run-1");
 * Map<String, JsonNode> results = run.await(Duration.ofMinutes(5));
 * }</pre>
 *
 * <p>Safe for use by any number of threads. Holds nothing that must be closed.
 */
public final class Workflows {
    private final WorkflowEngine engine;

    private Workflows(WorkflowEngine engine) {
        this.engine = engine;
    }

    /**
     * Workflows on a connection. No request. Use one instance per connection: a starter sees at once what ends in a worker
     * of the same instance.
     *
     * @param access the connection, as an engine sees it
     */
    public static Workflows on(EngineAccess access) {
        return new Workflows(new WorkflowEngine(access));
    }

    /**
     * Registers the handler of a kind of step. Do so before {@link #worker}.
     *
     * @param kind names the kind in definitions; at most 180 bytes once percent-encoded
     * @param handler does the work
     * @return this
     * @throws dev.windlass.InvalidInputException if the kind has a handler, is empty, or too long
     */
    public Workflows stepType(String kind, StepHandler handler) {
        engine.stepType(kind, handler);
        return this;
    }

    /**
     * Makes a worker take part, with the defaults of {@link WorkerOptions}.
     *
     * @param builder the worker being set up
     * @return the builder
     */
    public Worker.Builder worker(Worker.Builder builder) {
        return worker(builder, WorkerOptions.ofDefaults());
    }

    /**
     * Makes a worker take part: it owns runs, and runs steps that other owners have sent out, of the kinds registered so
     * far, each with slots of its own. A run's steps of other kinds are sent out to workers that know them.
     *
     * @param builder the worker being set up
     * @param options how
     * @return the builder
     */
    public Worker.Builder worker(Worker.Builder builder, WorkerOptions options) {
        return engine.addTo(builder, options);
    }

    /**
     * Starts a workflow with {@link StartOptions#ofDefaults()}; see {@link #start(DagDefinition, String, StartOptions)}.
     *
     * @param dag what to run
     * @param workflowId its id
     */
    public WorkflowHandle start(DagDefinition dag, String workflowId) {
        return start(dag, workflowId, StartOptions.ofDefaults());
    }

    /**
     * Starts a workflow. Three puts, one round trip; one put more if the definition is over 16 KiB. Durable on return.
     * Safe to repeat: the same id and definition is the same run.
     *
     * @param dag what to run
     * @param workflowId its id; any text of at most 200 bytes once percent-encoded
     * @param options what if the id exists; priority; owners that may be lost
     * @throws WorkflowAlreadyExistsException if the id is taken, as the options say
     * @throws dev.windlass.InvalidInputException if the id is empty or too long; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether it was started; repeat the call
     */
    public WorkflowHandle start(DagDefinition dag, String workflowId, StartOptions options) {
        return new WorkflowHandle(engine, workflowId, engine.start(dag, workflowId, options));
    }

    /**
     * The latest run of a workflow that was started before, by anyone. One get.
     *
     * @param workflowId its id
     * @throws WorkflowNotFoundException if there is none
     */
    public WorkflowHandle handle(String workflowId) {
        return new WorkflowHandle(engine, workflowId, engine.latestRun(workflowId));
    }
}
