package dev.windlass.internal;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.queue.TaskProgress;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code progress/{taskId}/{attempt}.json}: what an attempt says of its work (docs/protocol.md, "Progress and output").
 * Written by the holder alone, without a condition: no decision depends on it.
 *
 * @param parts how many objects of lines there are
 */
record ProgressDocument(TaskProgress progress, int parts) {

    byte[] bytes() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("attempt", progress.attempt());
        json.put("workerId", progress.workerId());
        json.put("at", progress.at().toEpochMilli());
        if (progress.percent() != null) {
            json.put("percent", progress.percent());
        }
        if (progress.message() != null) {
            json.put("message", progress.message());
        }
        if (!progress.counters().isEmpty()) {
            ObjectNode counters = json.putObject("counters");
            new TreeMap<>(progress.counters()).forEach(counters::put);
        }
        if (parts > 0) {
            json.put("parts", parts);
            json.put("lines", progress.lines());
        }
        if (progress.linesLeftOut() > 0) {
            json.put("linesLeftOut", progress.linesLeftOut());
        }
        return Json.bytes(json);
    }

    /** What the body holds, or null if it is no such object. */
    static @Nullable ProgressDocument parse(byte[] body) {
        ObjectNode json = Json.object(body);
        if (json == null || !json.path("attempt").isIntegralNumber()) {
            return null;
        }
        var counters = new TreeMap<String, Long>();
        for (Map.Entry<String, JsonNode> counter : json.path("counters").properties()) {
            counters.put(counter.getKey(), counter.getValue().asLong(0));
        }
        JsonNode percent = json.path("percent");
        JsonNode message = json.path("message");
        return new ProgressDocument(
                new TaskProgress(json.path("attempt").asInt(), json.path("workerId").asString(""),
                        Instant.ofEpochMilli(json.path("at").asLong(0)), percent.isNumber() ? percent.asDouble() : null,
                        message.isString() ? message.asString() : null, counters, json.path("lines").asLong(0),
                        json.path("linesLeftOut").asLong(0)),
                Math.max(0, json.path("parts").asInt(0)));
    }
}
