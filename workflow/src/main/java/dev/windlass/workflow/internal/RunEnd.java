package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ends a run: {@code result.json} (put if absent: it decides how the run has ended, W5), then the state, and only then
 * the task.
 */
final class RunEnd {
    private final EngineAccess engine;
    private final RunStates states;

    RunEnd(EngineAccess engine, RunStates states) {
        this.engine = engine;
        this.states = states;
    }

    /**
     * A run's result object: all small outcomes are in it, so that a reader of an ended run needs no step objects.
     *
     * @param steps the recorded outcomes by name, in the order of the graph; without large results
     * @param sinks the names of the steps that no other one needs
     * @param error why the run failed, or null
     * @param cancelled why the run was cancelled, or null
     * @param goesOn whether it is completed by going on as the next run
     */
    record Result(Map<String, StepOutcome> steps, List<String> sinks, @Nullable TaskError error,
            @Nullable String cancelled, boolean goesOn) {

        Result(Map<String, StepOutcome> steps, List<String> sinks, @Nullable TaskError error,
                @Nullable String cancelled) {
            this(steps, sinks, error, cancelled, false);
        }

        /** The end of a run that goes on as the next one. */
        static Result goingOn(Map<String, StepOutcome> steps) {
            return new Result(steps, List.of(), null, null, true);
        }

        WorkflowStatus status() {
            return cancelled != null
                    ? WorkflowStatus.CANCELLED
                    : error == null ? WorkflowStatus.COMPLETED : WorkflowStatus.FAILED;
        }

        ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("status", status().name());
            if (cancelled != null) {
                json.put("cancelled", cancelled);
            }
            if (error != null) {
                json.set("error", StepOutcome.errorJson(error));
            }
            if (goesOn) {
                json.put("goesOn", true);
            }
            ArrayNode last = json.putArray("sinks");
            sinks.forEach(last::add);
            ObjectNode outcomes = json.putObject("steps");
            steps.forEach((name, outcome) -> outcomes.set(name, outcome.toJson()));
            return json;
        }

        static Result read(JsonNode json) {
            Map<String, StepOutcome> steps = new LinkedHashMap<>();
            json.path("steps").properties()
                    .forEach(field -> steps.put(field.getKey(), StepOutcome.read(field.getValue())));
            List<String> sinks = new ArrayList<>();
            json.path("sinks").forEach(name -> sinks.add(name.asString("")));
            JsonNode cancelled = json.get("cancelled");
            return new Result(steps, sinks, json.has("error") ? StepOutcome.readError(json.path("error")) : null,
                    cancelled == null ? null : cancelled.asString(""), json.path("goesOn").asBoolean(false));
        }
    }

    /** The end of a run that failed before anything was known of its steps. */
    static Result failure(TaskError error) {
        return new Result(Map.of(), List.of(), error, null);
    }

    /** The end of a run that was ended by somebody else than its owner. */
    static Result termination(String reason) {
        return new Result(Map.of(), List.of(), null, reason);
    }

    /** The end of a run as its owner knows it. */
    static Result of(Run run, @Nullable TaskError error, @Nullable String cancelled) {
        Map<String, StepOutcome> steps = new LinkedHashMap<>();
        List<String> sinks = new ArrayList<>();
        for (int i = 0; i < run.plan().size(); i++) {
            String name = run.plan().step(i).name();
            StepOutcome outcome = run.plan().outcome(i);
            if (outcome != null && !run.plan().isFolded(i)) {
                steps.put(name, outcome);
            }
            if (run.plan().isSink(i)) {
                sinks.add(name);
            }
        }
        return new Result(steps, sinks, error, cancelled);
    }

    /** Two puts; the outcome is what the task is to end by. A run that goes on as the next one is followed by that. */
    EngineOutcome end(RunStates.State state, RunKeys keys, RunSpec input, Result wanted) {
        Result decided = decide(keys, wanted);
        if (decided.goesOn()) {
            return decided(new RunSuccession(engine, states).follow(state, keys), keys, decided);
        }
        RunStates.State ended = states.end(state, keys, input, decided.status(), decided.error());
        return decided(ended, keys, decided);
    }

    /**
     * Ends a run from outside: two puts. What stands afterwards is its end.
     *
     * @return false if it had decided to go on as the next run before: then that one is there
     */
    boolean terminate(RunStates.State state, RunKeys keys, String reason) {
        Result decided = decide(keys, termination(reason));
        if (decided.goesOn()) {
            new RunSuccession(engine, states).follow(state, keys);
            return false;
        }
        states.end(state, keys, decided.status(), decided.error());
        return true;
    }

    /** How the run is known to have ended; null if nothing says so. One get. */
    @Nullable
    Result known(RunKeys keys) {
        StoredObject object = engine.documents().read(keys.result());
        return object == null ? null : Result.read(engine.json().readTree(object.body()));
    }

    private Result decide(RunKeys keys, Result wanted) {
        String writeId = engine.newWriteId();
        ObjectNode json = wanted.toJson();
        json.put("writeId", writeId);
        return switch (engine.documents().create(keys.result(), engine.json().writeValueAsBytes(json), writeId)) {
            case Written.Won won -> wanted;
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                yield current == null ? wanted : Result.read(engine.json().readTree(current.body()));
            }
        };
    }

    private static EngineOutcome decided(RunStates.State state, RunKeys keys, Result decided) {
        String cancelled = decided.cancelled();
        return cancelled != null
                ? new EngineOutcome.Cancel(cancelled)
                : outcome(state, keys, decided.error());
    }

    private static EngineOutcome outcome(RunStates.State state, RunKeys keys, @Nullable TaskError error) {
        if (error != null) {
            return new EngineOutcome.Fail(error);
        }
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.put("workflow", keys.workflowId()).put("run", keys.run()).put("steps", state.steps());
        return new EngineOutcome.Complete(output);
    }

    /** How the task of a run ends whose end is known, or that a later run has replaced: as its own result says. */
    EngineOutcome outcomeOf(RunStates.State state, RunKeys keys) {
        if (state.run() != keys.run()) {
            Result known = known(keys);
            return known == null
                    ? new EngineOutcome.Cancel("run " + state.run() + " has replaced run " + keys.run())
                    : decided(state, keys, known);
        }
        return switch (state.status()) {
            case FAILED -> outcome(state, keys, state.error());
            case CANCELLED -> {
                String reason = state.cancelReason();
                yield new EngineOutcome.Cancel(reason == null ? "the run was cancelled" : reason);
            }
            default -> outcome(state, keys, null);
        };
    }
}
