package dev.windlass.workflow;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.workflow.internal.StepConditions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may be left out of a step's JSON form: its options, conditions and map. */
final class DagStepJson {
    private DagStepJson() {
    }

    /** Adds what is not as by default. */
    static void write(DagStep step, ObjectNode json) {
        StepOptions options = step.options();
        RetryPolicy retry = options.retry();
        boolean otherRetry = !retry.equals(RetryPolicy.ofDefaults());
        if (otherRetry || !options.nonRetryable().isEmpty()) {
            ObjectNode tries = json.putObject("retry");
            if (otherRetry) {
                tries.put("maxAttempts", retry.maxAttempts()).put("initialDelay", retry.initialDelay().toString())
                        .put("maxDelay", retry.maxDelay().toString()).put("multiplier", retry.multiplier())
                        .put("jitter", retry.jitter());
            }
            if (!options.nonRetryable().isEmpty()) {
                ArrayNode types = tries.putArray("nonRetryable");
                options.nonRetryable().forEach(types::add);
            }
        }
        Duration timeout = options.timeout();
        if (timeout == null) {
            json.putNull("timeout");
        } else if (!timeout.equals(DagStep.DEFAULT_TIMEOUT)) {
            json.put("timeout", timeout.toString());
        }
        if (options.onFailure() != OnFailure.FAIL) {
            json.put("onFailure", options.onFailure().name());
        }
        if (options.atMostOnce()) {
            json.put("atMostOnce", true);
        }
        if (options.placement() != Placement.AUTO) {
            json.put("placement", options.placement().name());
        }
        String queue = options.queue();
        if (queue != null) {
            json.put("queue", queue);
        }
        Integer priority = options.priority();
        if (priority != null) {
            json.put("priority", priority);
        }
        if (!step.conditions().isEmpty()) {
            json.set("when", StepConditions.toJson(step.conditions()));
        }
        MapOver map = step.map();
        if (map != null) {
            ObjectNode over = json.putObject("map").put("over", map.step());
            if (map.parallel() != 0) {
                over.put("parallel", map.parallel());
            }
        }
    }

    /** The step with what its JSON form says beyond name, kind, input and needs. */
    static DagStep read(DagStep plain, JsonNode json, String where) {
        StepOptions options = plain.options();
        if (json.has("retry")) {
            options = options.withRetry(readRetry(json.path("retry"), where))
                    .withNonRetryable(readNonRetryable(json.path("retry").path("nonRetryable"), where));
        }
        if (json.has("timeout")) {
            options = options.withTimeout(duration(json, "timeout", null, where));
        }
        if (json.has("onFailure")) {
            options = options.withOnFailure(choice("onFailure", OnFailure.values(), json, where));
        }
        if (json.has("atMostOnce") && !json.path("atMostOnce").isBoolean()) {
            throw new InvalidInputException("\"atMostOnce\" of " + where + " is " + json.path("atMostOnce")
                    + ": use true or false");
        }
        if (json.path("atMostOnce").asBoolean(false)) {
            options = options.withAtMostOnce();
        }
        if (json.has("placement")) {
            options = options.withPlacement(choice("placement", Placement.values(), json, where));
        }
        if (json.has("queue")) {
            options = options.withQueue(DagJson.text(json, "queue", where));
        }
        if (json.has("priority")) {
            options = options.withPriority(whole(json, "priority", where));
        }
        DagStep step = plain.withOptions(options);
        if (json.has("when")) {
            step = step.withConditions(StepConditions.read(json.path("when"), where));
        }
        if (json.has("map")) {
            step = step.withMap(readMap(json.path("map"), where));
        }
        return step;
    }

    private static MapOver readMap(JsonNode json, String where) {
        String over = DagJson.text(json, "over", "\"map\" of " + where);
        return new MapOver(over, json.has("parallel") ? whole(json, "parallel", "\"map\" of " + where) : 0);
    }

    private static int whole(JsonNode json, String field, String where) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new InvalidInputException("\"" + field + "\" of " + where + " is " + value
                    + ", which is no whole number");
        }
        return value.asInt();
    }

    private static List<String> readNonRetryable(JsonNode json, String where) {
        List<String> types = new ArrayList<>();
        if (!json.isMissingNode() && !json.isArray()) {
            throw new InvalidInputException("\"nonRetryable\" of " + where + " is no array of names of classes");
        }
        for (JsonNode type : json) {
            if (!type.isString()) {
                throw new InvalidInputException("\"nonRetryable\" of " + where + " holds " + type
                        + ", which is no name of a class");
            }
            types.add(type.asString());
        }
        return types;
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

    private static <E extends Enum<E>> E choice(String field, E[] choices, JsonNode json, String where) {
        String text = DagJson.text(json, field, where);
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(text)) {
                return choice;
            }
        }
        throw new InvalidInputException("\"" + field + "\" of " + where + " is '" + text + "': use one of "
                + Arrays.toString(choices));
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
}
