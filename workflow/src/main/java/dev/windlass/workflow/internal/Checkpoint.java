package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code workflow/{id}/runs/{n}/checkpoint.json}: outcomes that are recorded as step objects too, in one object, so that
 * a recovery reads few. Written without a condition: an old one that lands late is true as well. What it says of steps
 * that are out and of waits for a next try holds only for the owner that follows the one that handed over by it.
 *
 * @param outcomes by step name
 * @param attempt the claim of the owner that wrote it
 * @param handover whether that owner gave the run up with it
 * @param out the steps that were out
 * @param retries failed tries of open steps
 */
record Checkpoint(Map<String, StepOutcome> outcomes, int attempt, boolean handover, List<String> out,
        Map<String, Retry> retries) {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    static final Checkpoint NONE = new Checkpoint(Map.of(), 0, false, List.of(), Map.of());

    /**
     * A step that waits for its next try.
     *
     * @param failures how many tries have failed
     * @param due when the next one is due, by the store's time
     */
    record Retry(int failures, Instant due) {}

    byte[] encode(OwnedRun run) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", 1).put("attempt", attempt).put("handover", handover);
        ObjectNode steps = json.putObject("steps");
        outcomes.forEach((name, outcome) -> steps.set(name, outcome.toJson()));
        if (handover) {
            ArrayNode names = json.putArray("out");
            out.forEach(names::add);
            ObjectNode waits = json.putObject("retries");
            retries.forEach((name, retry) -> waits.putObject(name).put("failures", retry.failures())
                    .put("due", retry.due().toEpochMilli()));
        }
        return run.engine().json().writeValueAsBytes(json);
    }

    void put(OwnedRun run) {
        run.engine().documents().put(run.keys().checkpoint(), encode(run));
    }

    static Checkpoint read(OwnedRun run) {
        StoredObject object = run.engine().documents().read(run.keys().checkpoint());
        if (object == null) {
            return NONE;
        }
        JsonNode json;
        try {
            json = run.engine().json().readTree(object.body());
        } catch (JacksonException e) {
            LOG.warn("{}: {} is no JSON, and is left aside: the step objects hold all that it could say", run.label(),
                    object.key(), e);
            return NONE;
        }
        Map<String, StepOutcome> outcomes = new LinkedHashMap<>();
        json.path("steps").properties()
                .forEach(field -> outcomes.put(field.getKey(), StepOutcome.read(field.getValue())));
        List<String> out = new ArrayList<>();
        json.path("out").forEach(name -> out.add(name.asString("")));
        Map<String, Retry> retries = new LinkedHashMap<>();
        json.path("retries").properties().forEach(field -> retries.put(field.getKey(),
                new Retry(field.getValue().path("failures").asInt(0),
                        Instant.ofEpochMilli(field.getValue().path("due").asLong(0)))));
        return new Checkpoint(outcomes, json.path("attempt").asInt(0), json.path("handover").asBoolean(false), out,
                retries);
    }

    /** Whether what it says of open steps holds for the claim with this attempt. */
    boolean handsOverTo(int next) {
        return handover && attempt == next - 1;
    }
}
