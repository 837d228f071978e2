package dev.windlass.internal;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.queue.PauseState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code meta/pauses/{queue}.json}: what of a queue is paused. The only truth about it; the markers below
 * {@code ready/} that carry its write id are an index to it.
 */
record PauseDocument(String queue, String writeId, PauseState state) {

    static @Nullable PauseDocument parse(byte[] body) {
        ObjectNode json = Json.object(body);
        if (json == null || !json.path("writeId").isString()) {
            return null;
        }
        var types = new TreeMap<String, PauseState.Pause>();
        json.path("types").properties().forEach(type -> types.put(type.getKey(), pause(type.getValue())));
        JsonNode paused = json.path("paused");
        return new PauseDocument(json.path("queue").asString(""), json.path("writeId").asString(""),
                new PauseState(paused.isObject() ? pause(paused) : null, types));
    }

    private static PauseState.Pause pause(JsonNode json) {
        return new PauseState.Pause(json.path("reason").asString(""), json.path("by").asString(null),
                Instant.ofEpochMilli(json.path("at").asLong(0)));
    }

    byte[] bytes() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("queue", queue);
        json.put("writeId", writeId);
        PauseState.Pause paused = state.queue();
        if (paused != null) {
            json.set("paused", json(paused));
        }
        if (!state.types().isEmpty()) {
            ObjectNode types = json.putObject("types");
            new TreeMap<>(Map.copyOf(state.types())).forEach((type, pause) -> types.set(type, json(pause)));
        }
        return Json.bytes(json);
    }

    private static ObjectNode json(PauseState.Pause pause) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("reason", pause.reason());
        if (pause.by() != null) {
            json.put("by", pause.by());
        }
        json.put("at", pause.at().toEpochMilli());
        return json;
    }
}
