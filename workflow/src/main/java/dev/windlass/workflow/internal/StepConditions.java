package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.workflow.StepCondition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of conditions: {@code [{"step": …, "at": "/pointer", "is": …}]}, or {@code "isNot"}. */
public final class StepConditions {
    private StepConditions() {
    }

    public static ArrayNode toJson(List<StepCondition> conditions) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (StepCondition condition : conditions) {
            ObjectNode one = json.addObject();
            one.put("step", condition.step());
            if (!condition.at().isEmpty()) {
                one.put("at", condition.at());
            }
            one.set(condition.equal() ? "is" : "isNot", condition.value());
        }
        return json;
    }

    /** Reads them; none if there is nothing. */
    public static List<StepCondition> read(JsonNode json, String where) {
        if (json.isMissingNode()) {
            return List.of();
        }
        if (!json.isArray()) {
            throw new InvalidInputException("\"when\" of " + where + " is no array of conditions");
        }
        List<StepCondition> conditions = new ArrayList<>();
        for (JsonNode one : json) {
            boolean is = one.has("is");
            if (!one.path("step").isString() || is == one.has("isNot")
                    || (one.has("at") && !one.path("at").isString())) {
                throw new InvalidInputException("\"when\" of " + where + " holds " + one
                        + ", which is no condition: use {\"step\": …, \"at\": \"/pointer\", \"is\": …} or \"isNot\"");
            }
            conditions.add(new StepCondition(one.path("step").asString(), one.path("at").asString(""),
                    one.path(is ? "is" : "isNot"), is));
        }
        return conditions;
    }
}
