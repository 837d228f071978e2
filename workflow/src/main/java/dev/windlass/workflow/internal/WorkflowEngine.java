package dev.windlass.workflow.internal;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.StepTypeHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowFunction;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowProgress;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts runs, reads them, and sets workers up. Safe for use by any number of threads. */
public final class WorkflowEngine {
    private final EngineAccess engine;
    private final Map<String, StepHandler> kinds = new ConcurrentHashMap<>();
    private final LiveRuns live;
    private final RunStates states;
    private final RunReader reader;
    private final RunRequests requests;
    private final RunStarts starts;
    private final FunctionStarts functionStarts;
    private final SignalSender sender;
    private final Map<String, Map<Integer, RegisteredFunction>> functions = new ConcurrentHashMap<>();

    public WorkflowEngine(EngineAccess engine) {
        this.engine = engine;
        this.live = new LiveRuns(engine.environment());
        this.states = new RunStates(engine);
        this.reader = new RunReader(engine, states, live);
        this.requests = new RunRequests(engine, states, live);
        this.starts = new RunStarts(engine, states);
        this.functionStarts = new FunctionStarts(engine, states, requests);
        this.sender = new SignalSender(engine, states, live);
    }

    public void stepType(String kind, StepHandler handler) {
        engine.keySegment("step kind", EngineNames.stepType(kind));
        if (kinds.putIfAbsent(kind, handler) != null) {
            throw new InvalidInputException("The step kind '" + kind + "' has a handler already. Register it once.");
        }
    }

    public <I, O> void stepType(StepType<I, O> type, StepTypeHandler<? super I, ? extends O> handler) {
        stepType(type.name(), (step, input, parents) -> {
            I value = decode("The input of step '" + step.name() + "'", input, type.inputType());
            return FunctionValues.encodeInput(engine.json(), "The result of step '" + step.name() + "'",
                    handler.handle(step, value));
        });
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // the type says it; null is no value of any type
    private <T> T decode(String what, JsonNode tree, Type type) {
        if (tree.isNull() || tree.isMissingNode() || type == Void.class) {
            return null;
        }
        try {
            return FunctionValues.as(engine.json(), tree, type);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    public void function(WorkflowType<?, ?> type, WorkflowFunction<?, ?> function) {
        engine.keySegment("workflow type", EngineNames.functionType(type.name()));
        if (functions.computeIfAbsent(type.name(), name -> new ConcurrentHashMap<>()).putIfAbsent(type.version(),
                new RegisteredFunction(type, function)) != null) {
            throw new InvalidInputException("Version " + type.version() + " of the workflow type '" + type.name()
                    + "' has a function already. Register it once.");
        }
    }

    /** Starts a run of a durable function, or finds it; the number of the run. */
    public int start(WorkflowType<?, ?> type, String workflowId, @Nullable Object input, StartOptions options) {
        return functionStarts.start(type, workflowId,
                FunctionValues.encodeInput(engine.json(), "The input of workflow '"
                        + workflowId + "'", input),
                options, null);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the type says it
    public <O> @Nullable O decodeResult(String workflowId, Map<String, JsonNode> results, Type type) {
        JsonNode tree = results.get(FunctionHandler.RESULT);
        return tree == null ? null : decode("The result of workflow '" + workflowId + "'", tree, type);
    }

    /** Sends a signal to a run; the signal's id. Refused if it is known to be a graph's, which waits for none. */
    public String signal(String workflowId, int run, boolean graph, String name, @Nullable Object value,
            @Nullable String id) {
        SignalSender.check(engine, name);
        if (graph) {
            throw new InvalidInputException(
                    "Workflow '" + workflowId + "' runs a graph, and a graph waits for no signal: '"
                            + name + "' was not sent. What is to wait for one must be a durable function.");
        }
        String given = id == null ? engine.newWriteId() : id;
        sender.send(RunKeys.of(engine, workflowId, run), name, given,
                FunctionValues.encodeInput(engine.json(), "The value of signal '" + name + "'", value));
        return given;
    }

    /**
     * A workflow's latest run.
     *
     * @param run its number
     * @param graph whether it is one of a graph
     */
    public record Latest(int run, boolean graph) {}

    /** The run that a signal to a workflow is for: the latest, or the first if it has not been started. */
    public Latest latestOrFirst(String workflowId) {
        RunStates.State state = states.read(RunKeys.of(engine, workflowId, 1));
        return state == null ? new Latest(1, false) : latest(state);
    }

    private static Latest latest(RunStates.State state) {
        return new Latest(state.run(), !state.isFunction());
    }

    public Worker.Builder addTo(Worker.Builder builder, WorkerOptions options) {
        builder.queue(EngineNames.RUN_QUEUE, options.runs());
        builder.engine(EngineNames.RUN_TYPE, new RunHandler(engine, kinds, options, live));
        new TreeMap<>(functions).forEach((name, versions) -> builder.engine(EngineNames.functionType(name),
                new FunctionHandler(engine, versions, kinds, options, live, functionStarts, sender)));
        if (options.fleetConcurrency() > 0 && !kinds.isEmpty()) {
            builder.queue(EngineNames.STEP_QUEUE, options.fleetConcurrency());
        }
        new TreeMap<>(kinds).forEach((kind, handler) -> builder.engine(EngineNames.stepType(kind),
                new FleetStepHandler(engine, handler, Listeners.of(engine, options), live)));
        return builder;
    }

    /** Starts a run, or finds it; the number of the run. */
    public int start(DagDefinition dag, String workflowId, @Nullable JsonNode given, StartOptions options) {
        RunKeys first = RunKeys.of(engine, workflowId, 1);
        for (var step : dag.steps()) {
            engine.keySegment("step name", step.name());
        }
        return submit(dag, starts.choose(first, options), given, options);
    }

    private int submit(DagDefinition dag, RunKeys keys, @Nullable JsonNode given, StartOptions options) {
        String taskId = keys.taskId(engine);
        JsonNode definition = dag.toJson();
        byte[] encoded = engine.json().writeValueAsBytes(definition);
        boolean small = encoded.length <= RunInput.INLINE_LIMIT;
        String key = small ? null : engine.putPayload(taskId, "definition", encoded);
        String givenKey = null;
        if (given != null) {
            byte[] bytes = engine.json().writeValueAsBytes(given);
            givenKey = bytes.length <= RunInput.INLINE_INPUT_LIMIT ? null : engine.putPayload(taskId, "input", bytes);
        }
        RunInput input = new RunInput(keys.workflowId(), keys.run(), dag.name(), dag.version(), dag.hash(),
                dag.steps().size(), RunInput.kinds(dag), small ? definition : null, key,
                givenKey == null ? given : null, givenKey);
        RunStarts.Put put = starts.put(keys, input, EngineNames.RUN_TYPE, input.toJson(), options);
        JsonNode standing = put.standing();
        RunInput stands = standing == null ? input : RunInput.read(standing);
        int run = started(states.settle(put.state(), keys, stands), keys, dag, options, put.created());
        if (run == stands.run() && stands.hash().equals(input.hash()) && !stands.isGivenAs(input)) {
            throw RunStarts.taken(keys, ", with another input. Use another id, or the same input.");
        }
        return run;
    }

    private static int started(RunStates.State state, RunKeys keys, DagDefinition dag, StartOptions options,
            boolean mine) {
        if (!state.hash().equals(dag.hash())) {
            throw RunStarts.taken(keys, ", of another definition ('" + state.json().path("name").asString("") + "', "
                    + state.steps() + " steps; " + (state.status().isFinal() ? "ended" : "open")
                    + "). Use another id, or the same definition.");
        }
        if (!mine && options.existing() == StartOptions.ExistingId.REJECT) {
            throw RunStarts.taken(keys, ". Use another id.");
        }
        return state.run();
    }

    /** The latest run. */
    public Latest latest(String workflowId) {
        return latest(states.require(RunKeys.of(engine, workflowId, 1)));
    }

    public WorkflowStatus status(String workflowId, int run) {
        return reader.status(RunKeys.of(engine, workflowId, run));
    }

    public boolean cancel(String workflowId, int run, String reason) {
        return requests.cancel(RunKeys.of(engine, workflowId, run), reason);
    }

    public boolean terminate(String workflowId, int run, String reason) {
        return requests.terminate(RunKeys.of(engine, workflowId, run), reason);
    }

    public void pause(String workflowId, int run, String reason) {
        requests.pause(RunKeys.of(engine, workflowId, run), reason);
    }

    public void resume(String workflowId, int run) {
        requests.resume(RunKeys.of(engine, workflowId, run));
    }

    /** Tries a run again that has failed or was cancelled; the number of the new run. */
    public int retry(String workflowId, int run) {
        return new RunRepeats(engine, states).retry(RunKeys.of(engine, workflowId, run));
    }

    /** Runs a workflow again from a step on; the number of the new run. */
    public int fork(String workflowId, int run, String step) {
        return new RunRepeats(engine, states).fork(RunKeys.of(engine, workflowId, run), step);
    }

    public WorkflowInfo info(String workflowId) {
        return WorkflowList.info(workflowId, states.require(RunKeys.of(engine, workflowId, 1)));
    }

    public List<WorkflowInfo> find(Predicate<? super WorkflowInfo> wanted, int limit) throws InterruptedException {
        return new WorkflowList(engine, states).find(wanted, limit);
    }

    public JsonMapper json() {
        return engine.json();
    }

    /** The results of the last steps. */
    public Map<String, JsonNode> await(String workflowId, int run, Duration limit) throws InterruptedException {
        return reader.await(RunKeys.of(engine, workflowId, run), limit);
    }

    /** The result of one step. */
    public JsonNode await(String workflowId, int run, String step, Duration limit) throws InterruptedException {
        return reader.await(RunKeys.of(engine, workflowId, run), step, limit);
    }

    public WorkflowProgress progress(String workflowId, int run) {
        return reader.progress(RunKeys.of(engine, workflowId, run));
    }

    public List<StepInfo> steps(String workflowId, int run) throws InterruptedException {
        return reader.steps(RunKeys.of(engine, workflowId, run));
    }

    /** What a run was started with; null if that was nothing. */
    public @Nullable JsonNode input(String workflowId, int run) {
        return reader.input(RunKeys.of(engine, workflowId, run));
    }

    public DagDefinition definition(String workflowId, int run) {
        return reader.definition(RunKeys.of(engine, workflowId, run));
    }
}
