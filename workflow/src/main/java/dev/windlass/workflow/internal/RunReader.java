package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.TaskCancelledException;
import dev.windlass.WindlassException;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowProgress;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads runs: where they stand, how far they have come, what they gave. Safe for use by any number of threads. */
final class RunReader {
    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);
    private static final int READING_AT_ONCE = 32;

    private final EngineAccess engine;
    private final RunStates states;
    private final LiveRuns live;

    RunReader(EngineAccess engine, RunStates states, LiveRuns live) {
        this.engine = engine;
        this.states = states;
        this.live = live;
    }

    /** Of a run that has gone on as another one, that of the last. */
    WorkflowStatus status(RunKeys keys) {
        RunStates.State state = states.require(keys);
        return status(keys.ofRun(state.followed(keys.run())), state);
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

    private RunEnd.@Nullable Result result(RunKeys keys) {
        StoredObject object = engine.documents().read(keys.result());
        return object == null ? null : RunEnd.Result.read(engine.json().readTree(object.body()));
    }

    /** The results of the last steps; of a run that has gone on as another one, those of the last. */
    Map<String, JsonNode> await(RunKeys keys, Duration limit) throws InterruptedException {
        Ended ended = end(keys, limit);
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String name : ended.result().sinks()) {
            JsonNode found = result(ended.keys(), ended.result(), name);
            if (found != null) {
                results.put(name, found);
            }
        }
        return results;
    }

    /** The result of one step. */
    JsonNode await(RunKeys keys, String step, Duration limit) throws InterruptedException {
        Ended ended = end(keys, limit);
        JsonNode found = result(ended.keys(), ended.result(), step);
        if (found == null) {
            throw new WindlassException(
                    "Workflow '" + keys.workflowId() + "' has ended without a result of step '" + step
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

    /** The run that has ended, perhaps another one that it has gone on as, and how. */
    private record Ended(RunKeys keys, RunEnd.Result result) {}

    private Ended end(RunKeys first, Duration limit) throws InterruptedException {
        long begin = engine.environment().nanoTime();
        Duration pause = FIRST_LOOK;
        while (true) {
            long seen = live.ends();
            RunStates.State state = states.require(first);
            RunKeys keys = first.ofRun(state.followed(first.run()));
            if (state.run() > keys.run() || state.status().isFinal()) {
                return new Ended(keys, completed(keys, state));
            }
            Duration left = limit.minusNanos(engine.environment().nanoTime() - begin);
            if (left.isNegative() || left.isZero()) {
                throw new AwaitTimeoutException(keys.taskId(engine), "Workflow '" + keys.workflowId()
                        + "' has not ended within " + limit + ". It goes on; wait again.", null);
            }
            if (pause.compareTo(LONGEST_LOOK) >= 0 && status(keys, state) == WorkflowStatus.CANCELLED) {
                throw new TaskCancelledException(keys.taskId(engine), "Workflow '" + keys.workflowId()
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

    WorkflowProgress progress(RunKeys keys) {
        RunStates.State state = states.require(keys);
        RunKeys last = keys.ofRun(state.followed(keys.run()));
        WorkflowStatus status = status(last, state);
        if (state.isFunction()) {
            int recorded = list(last).size();
            return new WorkflowProgress(status, recorded, recorded);
        }
        int total = state.run() == keys.run() ? state.steps() : definition(keys).steps().size();
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

    List<StepInfo> steps(RunKeys keys) throws InterruptedException {
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

    DagDefinition definition(RunKeys keys) {
        return RunInput.read(given(keys)).dag(engine);
    }

    /** What the run was started with; null if that was nothing. */
    @Nullable
    JsonNode input(RunKeys keys) {
        JsonNode given = given(keys);
        JsonNode value = RunInput.isGraph(given)
                ? RunInput.read(given).value(engine)
                : FunctionInput.read(given).value(engine);
        return value == null || value.isNull() ? null : value;
    }

    /** The input of the run's task. */
    private JsonNode given(RunKeys keys) {
        TaskInfo task = engine.task(keys.taskId(engine));
        JsonNode input = task == null ? null : task.input();
        if (input == null) {
            throw new WorkflowNotFoundException(keys.workflowId(), "The task of run " + keys.run() + " of workflow '"
                    + keys.workflowId() + "' is gone, and with it what it runs: its retention is over.");
        }
        return input;
    }

    private List<String> list(RunKeys keys) {
        return engine.documents().keys(keys.steps());
    }
}
