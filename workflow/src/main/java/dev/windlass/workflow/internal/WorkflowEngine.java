package dev.windlass.workflow.internal;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.InvalidInputException;
import dev.windlass.TaskCancelledException;
import dev.windlass.WindlassException;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.StepTypeHandler;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowFunction;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowProgress;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts runs, reads them, and sets workers up. Safe for use by any number of threads. */
public final class WorkflowEngine {
    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);
    private static final int READING_AT_ONCE = 32;

    private final EngineAccess engine;
    private final Map<String, StepHandler> kinds = new ConcurrentHashMap<>();
    private final LiveRuns live;
    private final RunStates states;
    private final RunRequests requests;
    private final RunStarts starts;
    private final FunctionStarts functionStarts;
    private final SignalSender sender;
    private final Map<String, Map<Integer, RegisteredFunction>> functions = new ConcurrentHashMap<>();

    public WorkflowEngine(EngineAccess engine) {
        this.engine = engine;
        this.live = new LiveRuns(engine.environment());
        this.states = new RunStates(engine);
        this.requests = new RunRequests(engine, states, live);
        this.starts = new RunStarts(engine, states);
        this.functionStarts = new FunctionStarts(engine, states, requests);
        this.sender = new SignalSender(engine, live);
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

    /** Sends a signal to a run; the signal's id. */
    public String signal(String workflowId, int run, String name, @Nullable Object value, @Nullable String id) {
        SignalSender.check(name);
        String given = id == null ? engine.newWriteId() : id;
        sender.send(RunKeys.of(engine, workflowId, run), name, given,
                FunctionValues.encodeInput(engine.json(), "The value of signal '" + name + "'", value));
        return given;
    }

    /** The run that a signal to a workflow is for: the latest, or the first if it has not been started. */
    public int runOf(String workflowId) {
        RunStates.State state = states.read(RunKeys.of(engine, workflowId, 1));
        return state == null ? 1 : state.run();
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

    /** The number of the latest run. */
    public int latestRun(String workflowId) {
        return states.require(RunKeys.of(engine, workflowId, 1)).run();
    }

    public WorkflowStatus status(String workflowId, int run) {
        RunKeys keys = RunKeys.of(engine, workflowId, run);
        return status(keys, states.require(keys));
    }

    private WorkflowStatus status(RunKeys keys, RunStates.State state) {
        if (state.run() > keys.run()) {
            RunEnd.Result result = result(keys);
            return result == null ? WorkflowStatus.CANCELLED : result.status();
        }
        if (state.status().isFinal() || state.status() == WorkflowStatus.PAUSED) {
            return state.status();
        }
        TaskInfo task = engine.task(keys.taskId(engine));
        if (task == null) {
            return WorkflowStatus.PENDING;
        }
        return switch (task.status()) {
            case PENDING -> task.parked() ? WorkflowStatus.WAITING : WorkflowStatus.PENDING;
            case RUNNING, COMPLETED -> WorkflowStatus.RUNNING;
            case FAILED -> WorkflowStatus.FAILED;
            case CANCELLED, EXPIRED -> WorkflowStatus.CANCELLED;
        };
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
    public int retry(String workflowId, int run) throws InterruptedException {
        return new RunRetry(engine, states).retry(RunKeys.of(engine, workflowId, run));
    }

    public WorkflowInfo info(String workflowId) {
        return WorkflowList.info(workflowId, states.require(RunKeys.of(engine, workflowId, 1)));
    }

    public List<WorkflowInfo> find(Predicate<? super WorkflowInfo> wanted, int limit) throws InterruptedException {
        return new WorkflowList(engine, states).find(wanted, limit);
    }

    private RunEnd.@Nullable Result result(RunKeys keys) {
        StoredObject object = engine.documents().read(keys.result());
        return object == null ? null : RunEnd.Result.read(engine.json().readTree(object.body()));
    }

    public JsonMapper json() {
        return engine.json();
    }

    /** The results of the last steps. */
    public Map<String, JsonNode> await(String workflowId, int run, Duration limit) throws InterruptedException {
        RunEnd.Result result = end(workflowId, run, limit);
        RunKeys keys = RunKeys.of(engine, workflowId, run);
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String name : result.sinks()) {
            JsonNode found = result(keys, result, name);
            if (found != null) {
                results.put(name, found);
            }
        }
        return results;
    }

    /** The result of one step. */
    public JsonNode await(String workflowId, int run, String step, Duration limit) throws InterruptedException {
        JsonNode found = result(RunKeys.of(engine, workflowId, run), end(workflowId, run, limit), step);
        if (found == null) {
            throw new WindlassException("Workflow '" + workflowId + "' has ended without a result of step '" + step
                    + "'. It was started with another definition.");
        }
        return found;
    }

    private @Nullable JsonNode result(RunKeys keys, RunEnd.Result result, String step) {
        StepOutcome outcome = result.steps().get(step);
        return outcome == null || !outcome.hasResult()
                ? null
                : records(keys).result(engine.keySegment("step name", step), outcome);
    }

    private RunEnd.Result end(String workflowId, int run, Duration limit) throws InterruptedException {
        RunKeys keys = RunKeys.of(engine, workflowId, run);
        long begin = engine.environment().nanoTime();
        Duration pause = FIRST_LOOK;
        while (true) {
            long seen = live.ends();
            RunStates.State state = states.require(keys);
            if (state.run() > run || state.status().isFinal()) {
                return completed(keys, state);
            }
            Duration left = limit.minusNanos(engine.environment().nanoTime() - begin);
            if (left.isNegative() || left.isZero()) {
                throw new AwaitTimeoutException(keys.taskId(engine), "Workflow '" + workflowId
                        + "' has not ended within " + limit + ". It goes on; wait again.", null);
            }
            if (pause.compareTo(LONGEST_LOOK) >= 0 && status(keys, state) == WorkflowStatus.CANCELLED) {
                throw new TaskCancelledException(keys.taskId(engine), "Workflow '" + workflowId
                        + "' gives no result: its task was cancelled.", null);
            }
            live.awaitEnd(seen, pause.compareTo(left) < 0 ? pause : left);
            pause = pause.compareTo(LONGEST_LOOK) < 0 ? pause.multipliedBy(3).dividedBy(2) : LONGEST_LOOK;
        }
    }

    private RunEnd.Result completed(RunKeys keys, RunStates.State state) {
        RunEnd.Result result = result(keys);
        if (result == null) {
            throw new WorkflowFailedException(keys.workflowId(), "Workflow '" + keys.workflowId() + "' was "
                    + state.status() + " and has no result.", state.error());
        }
        String cancelled = result.cancelled();
        if (cancelled != null) {
            throw new TaskCancelledException(keys.taskId(engine), "Workflow '" + keys.workflowId()
                    + "' was cancelled: " + cancelled, null);
        }
        var error = result.error();
        if (error != null) {
            throw new WorkflowFailedException(keys.workflowId(), "Workflow '" + keys.workflowId() + "' has failed: "
                    + error.message(), error);
        }
        return result;
    }

    private StepRecords records(RunKeys keys) {
        return new StepRecords(engine, keys, keys.taskId(engine));
    }

    public WorkflowProgress progress(String workflowId, int run) {
        RunKeys keys = RunKeys.of(engine, workflowId, run);
        RunStates.State state = states.require(keys);
        WorkflowStatus status = status(keys, state);
        if (state.isFunction()) {
            int recorded = list(keys).size();
            return new WorkflowProgress(status, recorded, recorded);
        }
        int total = state.run() == run ? state.steps() : definition(keys).steps().size();
        return new WorkflowProgress(status, status == WorkflowStatus.COMPLETED ? total : finished(keys), total);
    }

    /** How many steps of the graph have ended; those of map items do not count. */
    private int finished(RunKeys keys) {
        List<String> there = list(keys);
        if (there.stream().noneMatch(key -> key.endsWith("%5D.json"))) {
            return there.size();
        }
        Set<String> found = new HashSet<>(there);
        int finished = 0;
        for (var step : definition(keys).steps()) {
            finished += found.contains(keys.step(engine.keySegment("step name", step.name()))) ? 1 : 0;
        }
        return finished;
    }

    public List<StepInfo> steps(String workflowId, int run) throws InterruptedException {
        RunKeys keys = RunKeys.of(engine, workflowId, run);
        RunEnd.Result result = result(keys);
        StepRecords records = records(keys);
        Map<String, StepOutcome> outcomes = result == null || result.steps().isEmpty()
                ? openSteps(keys, records)
                : new LinkedHashMap<>(result.steps());
        outcomes.remove(FunctionHandler.RESULT);
        Map<String, JsonNode> large = new ConcurrentHashMap<>();
        List<Map.Entry<String, StepOutcome>> unread = outcomes.entrySet().stream()
                .filter(step -> step.getValue().hasResult() && step.getValue().result() == null).toList();
        Fanout.forEach(engine.environment(), "windlass-steps", READING_AT_ONCE, unread, step -> large.put(
                step.getKey(), records.result(engine.keySegment("step name", step.getKey()), step.getValue())));
        List<StepInfo> steps = new ArrayList<>();
        outcomes.forEach((name, outcome) -> {
            JsonNode held = outcome.result() == null ? large.get(name) : outcome.result();
            steps.add(new StepInfo(name, outcome.succeeded(), outcome.skipped(), held, outcome.error(),
                    outcome.attempts(),
                    outcome.startedAt(), outcome.finishedAt(), outcome.fleet(), outcome.worker()));
        });
        return steps;
    }

    /** The outcomes so far of a run that has not ended, or whose end says nothing of them. */
    private Map<String, StepOutcome> openSteps(RunKeys keys, StepRecords records) throws InterruptedException {
        if (states.require(keys).isFunction()) {
            return FunctionRecovery.open(engine, keys, records);
        }
        Set<String> there = new HashSet<>(list(keys));
        Map<String, StepOutcome> found = new ConcurrentHashMap<>();
        List<String> present = present(keys, there, definition(keys));
        Fanout.forEach(engine.environment(), "windlass-steps", READING_AT_ONCE, present, name -> {
            StepRecords.Stored stored = records.read(engine.keySegment("step name", name));
            if (stored != null) {
                found.put(name, stored.outcome());
            }
        });
        Map<String, StepOutcome> ordered = new LinkedHashMap<>();
        for (String name : present) {
            StepOutcome outcome = found.get(name);
            if (outcome != null) {
                ordered.put(name, outcome);
            }
        }
        return ordered;
    }

    /** The names of the recorded steps: in the order of the graph, each map step's items after it in their order. */
    private List<String> present(RunKeys keys, Set<String> there, DagDefinition dag) {
        List<String> present = new ArrayList<>();
        for (var step : dag.steps()) {
            String key = keys.step(engine.keySegment("step name", step.name()));
            if (there.contains(key)) {
                present.add(step.name());
            } else if (step.map() != null) {
                String of = key.substring(0, key.length() - ".json".length()) + "%5B";
                List<Integer> items = new ArrayList<>();
                for (String item : there) {
                    if (item.startsWith(of) && item.endsWith("%5D.json")) {
                        items.add(Integer.parseInt(item, of.length(), item.length() - "%5D.json".length(), 10));
                    }
                }
                items.stream().sorted().forEach(item -> present.add(MapItems.name(step.name(), item)));
            }
        }
        return present;
    }

    public DagDefinition definition(String workflowId, int run) {
        return definition(RunKeys.of(engine, workflowId, run));
    }

    private DagDefinition definition(RunKeys keys) {
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        if (input == null) {
            throw new WorkflowNotFoundException(keys.workflowId(), "The task of run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' is gone, and with it the definition: its retention is over.");
        }
        return RunInput.read(input).dag(engine);
    }

    private List<String> list(RunKeys keys) {
        return Listing.keys(engine.documents(), keys.steps());
    }
}
