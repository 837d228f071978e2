package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.WindlassException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The decision of a run of a durable function to go on as a new run, as it is recorded: the result of the step
 * {@link #STEP}.
 *
 * @param version the version of the type by which the new run goes
 * @param input the new run's input
 * @param consumed by the name of the signal, the ids of those that this run and those before it have consumed, the latest last
 */
record Continuation(int version, JsonNode input, Map<String, List<String>> consumed) {
    /** The name that it is recorded under. */
    static final String STEP = "~continue";
    /** The type of the error of a wait for a signal that was open then. */
    static final String CONTINUED = "continued";

    JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", version).set("input", input);
        ObjectNode names = json.putObject("consumed");
        consumed.forEach((name, ids) -> {
            ArrayNode list = names.putArray(name);
            ids.forEach(list::add);
        });
        return json;
    }

    private static Continuation read(JsonNode json) {
        Map<String, List<String>> consumed = new LinkedHashMap<>();
        json.path("consumed").properties().forEach(name -> {
            List<String> ids = new ArrayList<>();
            name.getValue().forEach(id -> ids.add(id.asString("")));
            consumed.put(name.getKey(), ids);
        });
        return new Continuation(json.path("version").asInt(1), json.path("input"), consumed);
    }

    /** What a run has decided: one get, two if it is large. */
    static Continuation of(StepRecords records, RunKeys keys, String segment) {
        StepRecords.@Nullable Stored stored = records.read(segment);
        if (stored == null || !stored.outcome().hasResult()) {
            throw new WindlassException("Run " + keys.run() + " of workflow '" + keys.workflowId()
                    + "' goes on as a new run, and the object that says by which input is gone: " + keys.step(segment)
                    + ". Was it purged?");
        }
        return read(records.result(segment, stored.outcome()));
    }
}
