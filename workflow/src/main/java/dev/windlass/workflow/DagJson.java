package dev.windlass.workflow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of graphs, and their hash. */
final class DagJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private DagJson() {
    }

    static ObjectNode write(DagDefinition dag) {
        ObjectNode json = NODES.objectNode();
        json.put("name", dag.name());
        if (dag.version() != 1) {
            json.put("version", dag.version());
        }
        ArrayNode steps = json.putArray("steps");
        for (DagStep step : dag.steps()) {
            steps.add(write(step));
        }
        return json;
    }

    private static ObjectNode write(DagStep step) {
        ObjectNode json = NODES.objectNode();
        json.put("name", step.name());
        json.put("kind", step.kind());
        JsonNode input = step.input();
        if (input != null) {
            json.set("input", input);
        }
        if (!step.needs().isEmpty()) {
            ArrayNode needs = json.putArray("needs");
            step.needs().forEach(needs::add);
        }
        DagStepJson.write(step, json);
        return json;
    }

    static DagDefinition read(JsonNode json) {
        JsonNode steps = json.path("steps");
        if (!json.isObject() || !json.path("name").isString() || !steps.isArray()) {
            throw new InvalidInputException(
                    "This is no graph. Use a JSON object with a text \"name\" and an array \"steps\".");
        }
        String name = json.path("name").asString("");
        List<String> problems = new ArrayList<>();
        DagDefinition.Builder builder = DagDefinition.builder(name);
        JsonNode version = json.path("version");
        if (version.isIntegralNumber() && version.canConvertToInt()) {
            builder.version(version.asInt());
        } else if (!version.isMissingNode()) {
            problems.add("\"version\" is " + version + ", which is no whole number");
        }
        for (int i = 0; i < steps.size(); i++) {
            try {
                builder.step(readStep(steps.get(i), "step " + (i + 1)));
            } catch (InvalidInputException e) {
                problems.add(String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(DagChecks.message(name, problems));
        }
        return builder.build();
    }

    private static DagStep readStep(JsonNode json, String where) {
        if (!json.isObject()) {
            throw new InvalidInputException(where + " is no JSON object");
        }
        String name = text(json, "name", where);
        List<String> needs = new ArrayList<>();
        JsonNode listed = json.path("needs");
        if (!listed.isMissingNode() && !listed.isArray()) {
            throw new InvalidInputException("\"needs\" of " + where + " is no array of names");
        }
        for (JsonNode need : listed) {
            if (!need.isString()) {
                throw new InvalidInputException("\"needs\" of " + where + " holds " + need + ", which is no name");
            }
            needs.add(need.asString());
        }
        return DagStepJson.read(DagStep.of(name, text(json, "kind", where), json.get("input"), needs), json, where);
    }

    static String text(JsonNode json, String field, String where) {
        JsonNode value = json.path(field);
        if (!value.isString()) {
            throw new InvalidInputException("\"" + field + "\" of " + where + " is "
                    + (value.isMissingNode() ? "missing" : value + ", which is no text"));
        }
        return value.asString();
    }

    static String hash(DagDefinition dag) {
        ObjectNode canonical = NODES.objectNode();
        canonical.put("name", dag.name());
        if (dag.version() != 1) {
            canonical.put("version", dag.version());
        }
        ArrayNode steps = canonical.putArray("steps");
        dag.steps().stream().sorted(Comparator.comparing(DagStep::name)).forEach(step -> {
            ObjectNode json = write(step);
            if (json.has("needs")) {
                ArrayNode needs = json.putArray("needs");
                step.needs().stream().sorted().forEach(needs::add);
            }
            steps.add(sorted(json));
        });
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonNode sorted(JsonNode json) {
        if (json.isArray()) {
            ArrayNode copy = NODES.arrayNode();
            json.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        if (!json.isObject()) {
            return json;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        json.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        ObjectNode copy = NODES.objectNode();
        fields.forEach(copy::set);
        return copy;
    }
}
