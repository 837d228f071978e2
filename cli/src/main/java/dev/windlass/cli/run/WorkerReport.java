package dev.windlass.cli.run;

import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a worker process tells its supervisor, one JSON object a line on standard output.
 *
 * @param kind {@code ready}, {@code progress} or {@code ended}
 * @param finished steps of the run that have ended, as far as this process knows; 0 unless it owns the run
 * @param owner whether it owns the run
 * @param requests its requests so far
 */
record WorkerReport(String kind, int finished, boolean owner, RequestCounts requests) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    String line() {
        var json = JSON.createObjectNode().put("kind", kind).put("finished", finished).put("owner", owner)
                .put("put", requests.put()).put("get", requests.get()).put("list", requests.list())
                .put("delete", requests.delete()).put("conflicts", requests.conflicts())
                .put("unknown", requests.unknown());
        return JSON.writeValueAsString(json);
    }

    /** Null if the line is none of ours. */
    static @Nullable WorkerReport parse(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            if (!json.isObject() || !json.path("kind").isString()) {
                return null;
            }
            return new WorkerReport(json.path("kind").asString(), json.path("finished").asInt(0),
                    json.path("owner").asBoolean(false),
                    new RequestCounts(json.path("put").asLong(0), json.path("get").asLong(0),
                            json.path("list").asLong(0), json.path("delete").asLong(0),
                            json.path("conflicts").asLong(0), json.path("unknown").asLong(0)));
        } catch (JacksonException e) {
            return null;
        }
    }
}
