package dev.windlass.simulation.check;

import java.util.Base64;

import dev.windlass.queue.PayloadCodec;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import dev.windlass.simulation.workload.TurningCodec;
import dev.windlass.store.StoredObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a task's input and result are, wherever they stand and however they are encoded; without a request. */
final class Values {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Values() {
    }

    /**
     * A value of a task.
     *
     * @param part {@code input} or {@code output}
     * @return a missing node if it is not there, or cannot be decoded
     */
    static JsonNode of(Simulation sim, JsonNode task, String part) {
        String codec = task.path(part + "Codec").asString("");
        String reference = task.path(part + "Ref").asString("");
        StoredObject payload = reference.isEmpty() ? null : sim.store().peek(reference);
        if (codec.isEmpty()) {
            return reference.isEmpty() ? task.path(part) : Site.json(payload);
        }
        var of = new PayloadCodec.Payload(task.path("id").asString(""), task.path("queue").asString(""),
                task.path("type").asString(""), part);
        byte[] stored = payload == null ? Base64.getDecoder().decode(task.path(part).asString("")) : payload.body();
        return stored.length == 0 ? MAPPER.missingNode() : MAPPER.readTree(new TurningCodec(codec).decode(stored, of));
    }
}
