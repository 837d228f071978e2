package dev.windlass.workflow;

import java.util.List;
import java.util.function.Predicate;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.internal.WorkflowEngine;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
     * Registers a graph, so that workers may own its runs and run its steps. Do so before {@link #worker}. Several
     * versions of one graph may be registered side by side: as long as runs of a version are open, somebody must have it.
     *
     * @param dag the graph
     * @return this
     * @throws dev.windlass.InvalidInputException if that version of it is registered already
     */
    public Workflows register(Dag<?, ?> dag) {
        engine.stepType(dag.kind(), dag.handler(engine.json()));
        return this;
    }

    /**
     * Registers a graph that is known by names, with the handler of those of its steps that are of one kind: as code that this
     * process has. So its runs are held against it as those of a {@link Dag} are: a step that came in addition is taken, and
     * one that is gone or wired otherwise pauses the run. Do so before {@link #worker}.
     *
     * @param dag the graph
     * @param kind a kind of this graph and version alone
     * @param handler does the work of the steps of that kind, and tells them apart by {@link StepContext#name()}
     * @return this
     * @throws dev.windlass.InvalidInputException if the kind has a handler, is empty, or too long
     */
    public Workflows register(DagDefinition dag, String kind, StepHandler handler) {
        engine.stepType(kind, new NamedSteps(dag, handler));
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
        return new WorkflowHandle(engine, workflowId, engine.start(dag, workflowId, options.input(), options), true);
    }

    /**
     * Starts a run of a graph with {@link StartOptions#ofDefaults()}; see {@link #start(Dag, String, Object,
     * StartOptions)}.
     *
     * @param dag what to run
     * @param workflowId its id
     * @param input what it is given, or null for nothing
     */
    public <I, O> DagHandle<O> start(Dag<I, O> dag, String workflowId, @Nullable I input) {
        return start(dag, workflowId, input, StartOptions.ofDefaults());
    }

    /**
     * Starts a run of a graph. Three puts, one round trip; one put more if the graph is over 16 KiB, and one if the input
     * is over 64 KiB. Durable on return. Safe to repeat: the same id, graph and input is the same run. The graph need
     * not be registered here: some worker must have it.
     *
     * @param dag what to run
     * @param workflowId its id; any text of at most 200 bytes once percent-encoded
     * @param input what it is given, or null for nothing; at most 64 MiB encoded
     * @param options what if the id exists; priority; owners that may be lost
     * @throws WorkflowAlreadyExistsException if the id is taken, as the options say, or by a run with another input
     * @throws dev.windlass.InvalidInputException if the id is empty or too long, or the input cannot be encoded and read
     *             again; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether it was started; repeat the call
     */
    public <I, O> DagHandle<O> start(Dag<I, O> dag, String workflowId, @Nullable I input, StartOptions options) {
        JsonNode given;
        try {
            given = TypedSteps.encoded("The input of workflow '" + workflowId + "'", dag.inputType(), input,
                    engine.json());
        } catch (PermanentFailure e) {
            throw new InvalidInputException(String.valueOf(e.getMessage()), e);
        }
        int run = engine.start(dag.definition(), workflowId, given.isNull() ? null : given, options);
        return new DagHandle<>(engine, new WorkflowHandle(engine, workflowId, run, true), dag);
    }

    /**
     * The latest run of a graph that was started before, by anyone. One get.
     *
     * @param dag what it runs; it is not checked
     * @param workflowId its id
     * @throws WorkflowNotFoundException if there is none
     */
    public <O> DagHandle<O> handle(Dag<?, O> dag, String workflowId) {
        return new DagHandle<>(engine, handle(workflowId), dag);
    }

    /**
     * Registers a durable function. Do so before {@link #worker}. Runs of types and versions that are not registered are left
     * to workers that know them.
     *
     * @param type its type, with the version
     * @param function what it does
     * @return this
     * @throws dev.windlass.InvalidInputException if that version has a function, or the name is too long
     */
    public <I, O> Workflows workflow(WorkflowType<I, O> type, WorkflowFunction<I, O> function) {
        engine.function(type, function);
        return this;
    }

    /**
     * Registers the handler of a type of step. Do so before {@link #worker}.
     *
     * @param type the type
     * @param handler does the work
     * @return this
     * @throws dev.windlass.InvalidInputException if the name has a handler, or is too long
     */
    public <I, O> Workflows stepType(StepType<I, O> type, StepTypeHandler<? super I, ? extends O> handler) {
        engine.stepType(type, handler);
        return this;
    }

    /**
     * Starts a run of a durable function with {@link StartOptions#ofDefaults()}.
     *
     * @param type its type
     * @param workflowId its id
     * @param input its input, or null for none
     */
    public <I, O> FunctionHandle<O> start(WorkflowType<I, O> type, String workflowId, @Nullable I input) {
        return start(type, workflowId, input, StartOptions.ofDefaults());
    }

    /**
     * Starts a run of a durable function. Three puts, one round trip; one put more if the input is over 64 KiB. It need not be
     * registered here. Durable on return. Safe to repeat: the same id, type, version and input is the same run.
     *
     * @param type its type
     * @param workflowId its id; any text of at most 200 bytes once percent-encoded
     * @param input its input, or null for none
     * @param options what if the id exists; priority; owners that may be lost
     * @throws WorkflowAlreadyExistsException if the id is taken, as the options say
     * @throws dev.windlass.InvalidInputException if the id or the input cannot be used; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether it was started; repeat the call
     */
    public <I, O> FunctionHandle<O> start(WorkflowType<I, O> type, String workflowId, @Nullable I input,
            StartOptions options) {
        int run = engine.start(type, workflowId, input, options);
        return new FunctionHandle<>(engine, new WorkflowHandle(engine, workflowId, run, false), type.outputType());
    }

    /**
     * Sends a signal to a workflow, perhaps before it is started: to its latest run, or to the first one. One get more than
     * {@link WorkflowHandle#signal(String, Object, String)}. Before the start nobody can know what will be started: if that is
     * a graph, the signal stays, and nobody reads it.
     *
     * @param workflowId the workflow
     * @param name the signal's name
     * @param value its value, or null for none
     * @param signalId tells it from others of its name
     * @throws WorkflowEndedException if the run has ended; the signal was not sent
     * @throws dev.windlass.InvalidInputException if the name or the value cannot be used, or the run is one of a graph, which
     *             waits for no signal; nothing was written
     */
    public void signal(String workflowId, String name, @Nullable Object value, String signalId) {
        WorkflowEngine.Latest to = engine.latestOrFirst(workflowId);
        String sent = engine.signal(workflowId, to.run(), to.graph(), name, value, signalId);
        if (!sent.equals(signalId)) {
            throw new IllegalStateException("signal " + signalId + " was sent as " + sent);
        }
    }

    /**
     * Finds workflows, in the order of their ids. Reads the state of one after the other, 32 at once, until enough match: for
     * people, and for stores of some thousands.
     *
     * @param wanted which
     * @param limit at most so many, from 1
     * @throws InterruptedException if the thread is interrupted
     */
    public List<WorkflowInfo> find(Predicate<? super WorkflowInfo> wanted, int limit) throws InterruptedException {
        if (limit < 1) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 or more.");
        }
        return engine.find(wanted, limit);
    }

    /**
     * What the state of a workflow tells. One get.
     *
     * @param workflowId its id
     * @throws WorkflowNotFoundException if there is none
     */
    public WorkflowInfo info(String workflowId) {
        return engine.info(workflowId);
    }

    /**
     * The latest run of a durable function that was started before, by anyone. One get.
     *
     * @param type its type, which is not checked before the result is read
     * @param workflowId its id
     * @throws WorkflowNotFoundException if there is none
     */
    public <I, O> FunctionHandle<O> handle(WorkflowType<I, O> type, String workflowId) {
        return new FunctionHandle<>(engine, handle(workflowId), type.outputType());
    }

    /**
     * The latest run of a workflow that was started before, by anyone. One get.
     *
     * @param workflowId its id
     * @throws WorkflowNotFoundException if there is none
     */
    public WorkflowHandle handle(String workflowId) {
        WorkflowEngine.Latest latest = engine.latest(workflowId);
        return new WorkflowHandle(engine, workflowId, latest.run(), latest.graph());
    }
}
