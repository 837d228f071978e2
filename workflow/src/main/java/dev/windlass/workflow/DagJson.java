package dev.windlass.workflow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import org.jspecify.annotations.Nullable;
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
        RetryPolicy retry = step.retry();
        if (!retry.equals(RetryPolicy.ofDefaults())) {
            json.putObject("retry").put("maxAttempts", retry.maxAttempts())
                    .put("initialDelay", retry.initialDelay().toString()).put("maxDelay", retry.maxDelay().toString())
                    .put("multiplier", retry.multiplier()).put("jitter", retry.jitter());
        }
        Duration timeout = step.timeout();
        if (timeout == null) {
            json.putNull("timeout");
        } else if (!timeout.equals(DagStep.DEFAULT_TIMEOUT)) {
            json.put("timeout", timeout.toString());
        }
        if (step.placement() != Placement.AUTO) {
            json.put("placement", step.placement().name());
        }
        String queue = step.queue();
        if (queue != null) {
            json.put("queue", queue);
        }
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
        DagStep step = DagStep.of(name, text(json, "kind", where), json.get("input"), needs);
        if (json.has("retry")) {
            step = step.withRetry(readRetry(json.path("retry"), where));
        }
        if (json.has("timeout")) {
            step = step.withTimeout(duration(json, "timeout", null, where));
        }
        if (json.has("placement")) {
            step = step.withPlacement(placement(text(json, "placement", where), where));
        }
        if (json.has("queue")) {
            step = step.withQueue(text(json, "queue", where));
        }
        return step;
    }

    private static RetryPolicy readRetry(JsonNode json, String where) {
        RetryPolicy base = RetryPolicy.ofDefaults();
        Duration initial = duration(json, "initialDelay", base.initialDelay(), where);
        Duration longest = duration(json, "maxDelay", base.maxDelay(), where);
        if (initial == null || longest == null) {
            throw new InvalidInputException("a delay in \"retry\" of " + where + " is null");
        }
        return new RetryPolicy(json.path("maxAttempts").asInt(base.maxAttempts()), initial, longest,
                json.path("multiplier").asDouble(base.multiplier()), json.path("jitter").asDouble(base.jitter()));
    }

    private static Placement placement(String text, String where) {
        for (Placement placement : Placement.values()) {
            if (placement.name().equalsIgnoreCase(text)) {
                return placement;
            }
        }
        throw new InvalidInputException(
                "\"placement\" of " + where + " is '" + text + "': use AUTO, LOCAL or FLEET");
    }

    private static String text(JsonNode json, String field, String where) {
        JsonNode value = json.path(field);
        if (!value.isString()) {
            throw new InvalidInputException("\"" + field + "\" of " + where + " is "
                    + (value.isMissingNode() ? "missing" : value + ", which is no text"));
        }
        return value.asString();
    }

    private static @Nullable Duration duration(JsonNode json, String field, @Nullable Duration otherwise,
            String where) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isNull()) {
            return null;
        }
        try {
            return Duration.parse(value.asString(""));
        } catch (DateTimeParseException e) {
            throw new InvalidInputException("\"" + field + "\" of " + where + " is " + value
                    + ", which is no duration such as \"PT30S\"", e);
        }
    }

    static String hash(DagDefinition dag) {
        ObjectNode canonical = NODES.objectNode();
        canonical.put("name", dag.name());
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
