package dev.windlass.workflow.internal;

import java.time.Instant;

import dev.windlass.queue.TaskError;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a step ended. Immutable; the JSON tree must not be changed.
 *
 * @param result the result if it is held here; null if the step failed, or the result must be read
 * @param resultKey the payload that holds the result, if it is large
 * @param error why the step failed; null if it did not
 * @param attempts how many tries it took
 * @param startedAt when its last try began, by the store's time
 * @param finishedAt when its last try ended, by the store's time
 * @param fleet whether it ran as a task of its own
 * @param worker who recorded it
 * @param asked of a durable function, what it asked for; else null
 * @param skipped whether it had nothing to do, and has neither result nor error
 */
record StepOutcome(@Nullable JsonNode result, @Nullable String resultKey, @Nullable TaskError error, int attempts,
        Instant startedAt, Instant finishedAt, boolean fleet, @Nullable String worker, @Nullable Asked asked,
        boolean skipped) {

    StepOutcome(@Nullable JsonNode result, @Nullable String resultKey, @Nullable TaskError error, int attempts,
            Instant startedAt, Instant finishedAt, boolean fleet, @Nullable String worker) {
        this(result, resultKey, error, attempts, startedAt, finishedAt, fleet, worker, null, false);
    }

    /** The outcome of a step that had nothing to do, by the store's time. */
    static StepOutcome skipped(int attempts, Instant startedAt, Instant finishedAt, boolean fleet, String worker) {
        return new StepOutcome(null, null, null, attempts, startedAt, finishedAt, fleet, worker, null, true);
    }

    /** The same, as a durable function has asked for it. */
    StepOutcome asked(@Nullable Asked by) {
        return by == null
                ? this
                : new StepOutcome(result, resultKey, error, attempts, startedAt, finishedAt, fleet, worker, by,
                        skipped);
    }

    /** Whether it has not failed: it has a result, or was skipped. */
    boolean succeeded() {
        return error == null;
    }

    /** Whether there is a result for those that need the step. */
    boolean hasResult() {
        return error == null && !skipped;
    }

    /** The input of a run as steps see it: like the result of a step that had ended before the first one began. */
    static StepOutcome ofRunInput(@Nullable JsonNode input, @Nullable String inputKey) {
        return new StepOutcome(inputKey == null && input == null ? NullNode.getInstance() : input, inputKey, null, 1,
                Instant.EPOCH, Instant.EPOCH, false, null);
    }

    /** The same with another result, that of an item for that of the list. */
    StepOutcome withResult(JsonNode other) {
        return new StepOutcome(other, null, null, attempts, startedAt, finishedAt, fleet, worker);
    }

    /** The same without the result, which must then be read when it is needed. */
    StepOutcome withoutResult() {
        return result == null
                ? this
                : new StepOutcome(null, resultKey, error, attempts, startedAt, finishedAt, fleet, worker, asked,
                        skipped);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (error != null) {
            json.set("error", errorJson(error));
        } else if (skipped) {
            json.put("skipped", true);
        } else if (result != null) {
            json.set("result", result);
        } else if (resultKey != null) {
            json.put("resultKey", resultKey);
        }
        json.put("attempts", attempts).put("startedAt", startedAt.toEpochMilli()).put("finishedAt",
                finishedAt.toEpochMilli());
        if (fleet) {
            json.put("fleet", true);
        }
        if (worker != null) {
            json.put("worker", worker);
        }
        if (asked != null) {
            asked.write(json);
        }
        return json;
    }

    static StepOutcome read(JsonNode json) {
        return new StepOutcome(json.get("result"), text(json, "resultKey"),
                json.has("error") ? readError(json.path("error")) : null, json.path("attempts").asInt(1),
                Instant.ofEpochMilli(json.path("startedAt").asLong(0)),
                Instant.ofEpochMilli(json.path("finishedAt").asLong(0)), json.path("fleet").asBoolean(false),
                text(json, "worker"), Asked.read(json), json.path("skipped").asBoolean(false));
    }

    static ObjectNode errorJson(TaskError error) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", error.type()).put("message", error.message());
        String trace = error.stackTrace();
        if (trace != null) {
            json.put("stackTrace", trace);
        }
        return json;
    }

    static TaskError readError(JsonNode json) {
        return new TaskError(json.path("type").asString("unknown"), json.path("message").asString(""),
                text(json, "stackTrace"));
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null || value.isNull() ? null : value.asString();
    }
}
