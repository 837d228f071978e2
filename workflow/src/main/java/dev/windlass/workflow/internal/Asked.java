package dev.windlass.workflow.internal;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a durable function asked for, in the outcome that was recorded for it: to be compared when the function runs again.
 *
 * @param position the how manieth thing it asked for, from 0
 * @param kind what kind of thing: see {@link Op.Kind}
 * @param signalName of a wait for a signal, its name; else null
 * @param signalId of a wait for a signal or a child, the id of the signal that it has consumed; else null
 */
record Asked(int position, String kind, @Nullable String signalName, @Nullable String signalId) {

    void write(ObjectNode json) {
        ObjectNode asked = json.putObject("asked");
        asked.put("at", position).put("kind", kind);
        if (signalName != null) {
            asked.put("signal", signalName);
        }
        if (signalId != null) {
            asked.put("signalId", signalId);
        }
    }

    static @Nullable Asked read(JsonNode json) {
        JsonNode asked = json.get("asked");
        return asked == null
                ? null
                : new Asked(asked.path("at").asInt(0), asked.path("kind").asString(""), text(asked, "signal"),
                        text(asked, "signalId"));
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null ? null : value.asString();
    }
}
