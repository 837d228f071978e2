package dev.windlass.workflow.internal;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a durable function asked for, in the outcome that was recorded for it: to be compared when the function runs again.
 *
 * @param position the how manieth thing it asked for, from 0
 * @param kind what kind of thing: see docs/workflow.md
 * @param signalId of a wait for a signal, the id of the one that it has consumed; else null
 */
record Asked(int position, String kind, @Nullable String signalId) {

    void write(ObjectNode json) {
        ObjectNode asked = json.putObject("asked");
        asked.put("at", position).put("kind", kind);
        if (signalId != null) {
            asked.put("signal", signalId);
        }
    }

    static @Nullable Asked read(JsonNode json) {
        JsonNode asked = json.get("asked");
        if (asked == null) {
            return null;
        }
        JsonNode signal = asked.get("signal");
        return new Asked(asked.path("at").asInt(0), asked.path("kind").asString(""),
                signal == null ? null : signal.asString());
    }
}
