package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
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
 * @param parents their results, if they are small together; else the step objects must be read
 * @param maxAttempts how many tries the step has
 * @param timeout how long a try may take
 * @param runTask the run's task
 * @param runQueue the queue of the run's task
 * @param runPriority the priority of the run's task
 * @param createdMillis when the run was started
 * @param movable whether the owner could as well run it
 */
record FleetInput(String workflowId, int run, String step, String kind, @Nullable JsonNode input,
        @Nullable String inputKey, List<String> needs, @Nullable Map<String, JsonNode> parents, int maxAttempts,
        @Nullable Duration timeout, String runTask, String runQueue, int runPriority, long createdMillis,
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
        return new FleetInput(run.keys().workflowId(), run.keys().run(), step.name(), step.kind(), input, inputKey,
                step.needs(), inline(engine, step, parents), step.retry().maxAttempts(), step.timeout(),
                run.claim().taskId(), run.claim().queue(), run.claim().priority(), run.createdMillis(),
                run.plan().placement(index) == Placement.AUTO);
    }

    /** Of a call of a durable function. */
    static FleetInput ofCall(Op op, FunctionRun run, @Nullable JsonNode input, @Nullable String inputKey) {
        return new FleetInput(run.keys().workflowId(), run.keys().run(), op.name, String.valueOf(op.callKind), input,
                inputKey, List.of(), Map.of(), op.options.retry().maxAttempts(), op.options.timeout(),
                run.claim().taskId(), run.claim().queue(), run.claim().priority(), run.createdMillis(), false);
    }

    private static @Nullable Map<String, JsonNode> inline(EngineAccess engine, DagStep step, StepOutcome[] parents) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        int size = 0;
        for (int i = 0; i < parents.length; i++) {
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
        json.put("maxAttempts", maxAttempts);
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
                parents.put(need, json.path("parents").path(need));
            }
        }
        JsonNode inputKey = json.get("inputKey");
        JsonNode timeout = json.get("timeoutMillis");
        return new FleetInput(json.path("workflow").asString(""), json.path("run").asInt(0),
                json.path("step").asString(""), json.path("kind").asString(""), json.get("input"),
                inputKey == null ? null : inputKey.asString(), needs, parents, json.path("maxAttempts").asInt(1),
                timeout == null ? null : Duration.ofMillis(timeout.asLong()), json.path("runTask").asString(""),
                json.path("runQueue").asString(""), json.path("runPriority").asInt(5),
                json.path("createdAt").asLong(0), json.path("movable").asBoolean(false));
    }

    /** The static input, by one get if it is large. */
    @Nullable
    JsonNode input(EngineAccess engine) {
        return inputKey == null ? input : engine.json().readTree(engine.payload(inputKey));
    }

    /** The results of the steps that it needs, by one get each if they are large. */
    Map<String, JsonNode> results(EngineAccess engine, StepRecords records) {
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String need : needs) {
            JsonNode held = parents == null ? null : parents.get(need);
            if (held != null) {
                results.put(need, held.deepCopy());
                continue;
            }
            String segment = engine.keySegment("step name", need);
            StepRecords.Stored stored = records.read(segment);
            if (stored == null || !stored.outcome().succeeded()) {
                throw new IllegalStateException("Step '" + step + "' of workflow " + workflowId + " run " + run
                        + " was sent out before '" + need + "' had a result.");
            }
            results.put(need, records.result(segment, stored.outcome()));
        }
        return results;
    }
}
