package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The input of a run's task. Self-contained: the state can be made from it. The same for everyone who starts the same
 * definition under the same id.
 *
 * @param workflowId the workflow
 * @param run the run's number, from 1
 * @param name the graph's name
 * @param version the graph's version, from 1
 * @param hash the graph's hash
 * @param steps how many steps it has
 * @param kinds the kinds of its steps, sorted
 * @param definition the graph as JSON, if it is small
 * @param definitionKey where the graph is, if it is not
 * @param input what the run was given, if that is small
 * @param inputKey where that is, if it is not
 */
record RunInput(String workflowId, int run, String name, int version, String hash, int steps, List<String> kinds,
        @Nullable JsonNode definition, @Nullable String definitionKey, @Nullable JsonNode input,
        @Nullable String inputKey) implements RunSpec {
    static final int INLINE_LIMIT = 16 * 1024;
    static final int INLINE_INPUT_LIMIT = 64 * 1024;

    RunInput {
        kinds = List.copyOf(kinds);
    }

    static List<String> kinds(DagDefinition dag) {
        TreeSet<String> kinds = new TreeSet<>();
        for (DagStep step : dag.steps()) {
            kinds.add(step.kind());
        }
        return List.copyOf(kinds);
    }

    @Override
    public String form() {
        return "dag";
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", 1).put("workflow", workflowId).put("run", run).put("name", name)
                .put("hash", hash).put("steps", steps);
        if (version != 1) {
            json.put("version", version);
        }
        ArrayNode list = json.putArray("kinds");
        kinds.forEach(list::add);
        if (definition != null) {
            json.set("definition", definition);
        }
        if (definitionKey != null) {
            json.put("definitionKey", definitionKey);
        }
        if (input != null) {
            json.set("input", input);
        }
        if (inputKey != null) {
            json.put("inputKey", inputKey);
        }
        return json;
    }

    static RunInput read(JsonNode json) {
        List<String> kinds = new ArrayList<>();
        json.path("kinds").forEach(kind -> kinds.add(kind.asString("")));
        JsonNode key = json.get("definitionKey");
        JsonNode inputKey = json.get("inputKey");
        RunInput input = new RunInput(json.path("workflow").asString(""), json.path("run").asInt(0),
                json.path("name").asString(""), json.path("version").asInt(1), json.path("hash").asString(""),
                json.path("steps").asInt(0), kinds, json.get("definition"), key == null ? null : key.asString(),
                json.get("input"), inputKey == null ? null : inputKey.asString());
        if (input.workflowId.isEmpty() || input.run < 1 || (input.definition == null && input.definitionKey == null)) {
            throw new WindlassException("This task's input is none of a workflow run: it lacks the workflow, the run's "
                    + "number or the definition. It was not submitted by a workflow engine of this version.");
        }
        return input;
    }

    /** Whether the input of a run's task is one of a graph; else it is one of a function. */
    static boolean isGraph(JsonNode json) {
        return json.has("definition") || json.has("definitionKey");
    }

    /** What the run was given: from here, or by one get; null if that was nothing. */
    @Nullable
    JsonNode value(EngineAccess engine) {
        return inputKey == null ? input : engine.json().readTree(engine.payload(inputKey));
    }

    /** Whether another start has given the same. */
    boolean isGivenAs(RunInput other) {
        return Objects.equals(input, other.input) && Objects.equals(inputKey, other.inputKey);
    }

    /** What the run was given, as its steps see it. */
    StepOutcome asOutcome() {
        return StepOutcome.ofRunInput(input, inputKey);
    }

    /** The graph: from here, or by one get. */
    DagDefinition dag(EngineAccess engine) {
        if (definition != null) {
            return DagDefinition.fromJson(definition);
        }
        if (definitionKey != null) {
            return DagDefinition.fromJson(engine.json().readTree(engine.payload(definitionKey)));
        }
        throw new IllegalStateException("a run without a definition");
    }
}
