package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepCondition;
import dev.windlass.workflow.StepOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The input of a step's task.
 *
 * @param workflowId the workflow
 * @param run the run's number
 * @param step the step's name
 * @param kind the step's kind
 * @param input the step's static input, if it is small
 * @param inputKey where that input is, if it is not
 * @param needs the names of the steps that it needs
 * @param parents their results, without those that have none, if they are small together; else the step objects must be
 *            read
 * @param over of the step of an item, the need in whose place the item stands; else null
 * @param itemKey where that item is, if it is not among the parents
 * @param conditions what must hold for it to run
 * @param maxAttempts how many tries the step has
 * @param nonRetryable names of classes of failures that are not tried again
 * @param atMostOnce whether its body is begun at most once
 * @param pauses whether its failure pauses the run
 * @param timeout how long a try may take
 * @param runTask the run's task
 * @param runQueue the queue of the run's task
 * @param runPriority the priority of the run's task
 * @param createdMillis when the run was started
 * @param movable whether the owner could as well run it
 */
record FleetInput(String workflowId, int run, String step, String kind, @Nullable JsonNode input,
        @Nullable String inputKey, List<String> needs, @Nullable Map<String, JsonNode> parents, @Nullable String over,
        @Nullable String itemKey, List<StepCondition> conditions, int maxAttempts,
        List<String> nonRetryable, boolean atMostOnce, boolean pauses, @Nullable Duration timeout,
        String runTask, String runQueue, int runPriority, long createdMillis,
        boolean movable) {
    /** Above this, parents' results and static inputs are not written into the task. */
    static final int INLINE_LIMIT = 64 * 1024;

    static FleetInput of(Run run, int index, StepOutcome[] parents) {
        DagStep step = run.plan().step(index);
        EngineAccess engine = run.engine();
        JsonNode input = step.input();
        String inputKey = null;
        if (input != null) {
            byte[] encoded = engine.json().writeValueAsBytes(input);
            if (encoded.length > INLINE_LIMIT) {
                inputKey = engine.putPayload(run.claim().taskId(), "step-input", encoded);
                input = null;
            }
        }
        Map<String, JsonNode> inline = inline(engine, step, parents);
        String over = run.plan().over(index);
        JsonNode item = over == null || inline != null ? null : parents[step.needs().indexOf(over)].result();
        String itemKey = item == null
                ? null
                : engine.putPayload(run.claim().taskId(), "item", engine.json().writeValueAsBytes(item));
        return new FleetInput(run.keys().workflowId(), run.keys().run(), step.name(), step.kind(), input, inputKey,
                step.needs(), inline, over, itemKey, step.conditions(),
                step.options().atMostOnce() ? 1 : step.retry().maxAttempts(),
                step.options().nonRetryable(), step.options().atMostOnce(),
                step.options().onFailure() == OnFailure.PAUSE, step.timeout(),
                run.claim().taskId(), run.claim().queue(), run.claim().priority(), run.createdMillis(),
                run.plan().placement(index) == Placement.AUTO);
    }

    /** Of a call of a durable function. */
    static FleetInput ofCall(Op op, FunctionRun run, @Nullable JsonNode input, @Nullable String inputKey) {
        return new FleetInput(run.keys().workflowId(), run.keys().run(), op.name, String.valueOf(op.callKind), input,
                inputKey, List.of(), Map.of(), null, null, List.of(),
                op.options.atMostOnce() ? 1 : op.options.retry().maxAttempts(), op.options.nonRetryable(),
                op.options.atMostOnce(), op.options.onFailure() == OnFailure.PAUSE, op.options.timeout(),
                run.claim().taskId(), run.claim().queue(), run.claim().priority(), run.createdMillis(), false);
    }

    private static @Nullable Map<String, JsonNode> inline(EngineAccess engine, DagStep step, StepOutcome[] parents) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        int size = 0;
        for (int i = 0; i < parents.length; i++) {
            if (!parents[i].hasResult()) {
                continue;
            }
            JsonNode result = parents[i].result();
            if (result == null) {
                return null;
            }
            size += engine.json().writeValueAsBytes(result).length + step.needs().get(i).length() + 8;
            if (size > INLINE_LIMIT) {
                return null;
            }
            results.put(step.needs().get(i), result);
        }
        return results;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", 1).put("workflow", workflowId).put("run", run).put("step", step).put("kind", kind);
        if (input != null) {
            json.set("input", input);
        }
        if (inputKey != null) {
            json.put("inputKey", inputKey);
        }
        ArrayNode names = json.putArray("needs");
        needs.forEach(names::add);
        if (parents != null) {
            ObjectNode results = json.putObject("parents");
            parents.forEach(results::set);
        }
        if (over != null) {
            json.put("over", over);
        }
        if (itemKey != null) {
            json.put("itemKey", itemKey);
        }
        if (!conditions.isEmpty()) {
            json.set("when", StepConditions.toJson(conditions));
        }
        json.put("maxAttempts", maxAttempts);
        if (!nonRetryable.isEmpty()) {
            ArrayNode types = json.putArray("nonRetryable");
            nonRetryable.forEach(types::add);
        }
        if (atMostOnce) {
            json.put("atMostOnce", true);
        }
        if (pauses) {
            json.put("pauses", true);
        }
        if (timeout != null) {
            json.put("timeoutMillis", timeout.toMillis());
        }
        return json.put("runTask", runTask).put("runQueue", runQueue).put("runPriority", runPriority)
                .put("createdAt", createdMillis).put("movable", movable);
    }

    static FleetInput read(JsonNode json) {
        List<String> needs = new ArrayList<>();
        json.path("needs").forEach(need -> needs.add(need.asString("")));
        Map<String, JsonNode> parents = null;
        if (json.has("parents")) {
            parents = new LinkedHashMap<>();
            for (String need : needs) {
                JsonNode result = json.path("parents").get(need);
                if (result != null) {
                    parents.put(need, result);
                }
            }
        }
        List<String> nonRetryable = new ArrayList<>();
        json.path("nonRetryable").forEach(type -> nonRetryable.add(type.asString("")));
        JsonNode inputKey = json.get("inputKey");
        JsonNode over = json.get("over");
        JsonNode itemKey = json.get("itemKey");
        JsonNode timeout = json.get("timeoutMillis");
        return new FleetInput(json.path("workflow").asString(""), json.path("run").asInt(0),
                json.path("step").asString(""), json.path("kind").asString(""), json.get("input"),
                inputKey == null ? null : inputKey.asString(), needs, parents,
                over == null ? null : over.asString(), itemKey == null ? null : itemKey.asString(),
                StepConditions.read(json.path("when"), "a step's task"), json.path("maxAttempts").asInt(1),
                nonRetryable, json.path("atMostOnce").asBoolean(false),
                json.path("pauses").asBoolean(false),
                timeout == null ? null : Duration.ofMillis(timeout.asLong()), json.path("runTask").asString(""),
                json.path("runQueue").asString(""), json.path("runPriority").asInt(5),
                json.path("createdAt").asLong(0), json.path("movable").asBoolean(false));
    }

    /** The options that a try in this task's worker goes by. */
    StepOptions options() {
        StepOptions options = StepOptions.ofDefaults().withNonRetryable(nonRetryable);
        return atMostOnce ? options.withAtMostOnce() : options;
    }

    /** The static input, by one get if it is large. */
    @Nullable
    JsonNode input(EngineAccess engine) {
        return inputKey == null ? input : engine.json().readTree(engine.payload(inputKey));
    }

    /**
     * The results of the steps that it needs, without those that have none; by one get each if they are large together,
     * one for the run's task if that is needed.
     */
    Map<String, JsonNode> results(EngineAccess engine, StepRecords records) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String need : needs) {
            JsonNode result;
            if (parents != null) {
                JsonNode held = parents.get(need);
                result = held == null ? null : held.deepCopy();
            } else if (need.equals(over) && itemKey != null) {
                result = engine.json().readTree(engine.payload(itemKey));
            } else if (need.equals(DagStep.RUN_INPUT)) {
                result = records.result(need, runInput(engine));
            } else {
                result = result(engine.keySegment("step name", need), records);
            }
            if (result != null) {
                results.put(need, result);
            }
        }
        return results;
    }

    private @Nullable JsonNode result(String need, StepRecords records) {
        StepRecords.Stored stored = records.read(need);
        if (stored == null) {
            throw new IllegalStateException("Step '" + step + "' of workflow " + workflowId + " run " + run
                    + " was sent out before '" + need + "' had ended.");
        }
        return stored.outcome().hasResult() ? records.result(need, stored.outcome()) : null;
    }

    private StepOutcome runInput(EngineAccess engine) {
        TaskInfo task = engine.task(runTask);
        JsonNode given = task == null ? null : task.input();
        if (given == null) {
            throw new IllegalStateException("The task of run " + run + " of workflow " + workflowId + " is gone, and "
                    + "with it the input that step '" + step + "' needs: was it purged while it ran?");
        }
        return RunInput.read(given).asOutcome();
    }
}
