package dev.windlass.workflow.internal;

import java.nio.charset.StandardCharsets;

import dev.windlass.WindlassException;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.WorkflowStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code workflow/{id}/state.json}: written at transitions of the run only. That a run is owned, or parked, is known by its
 * task; so from the start to the end nothing is written here. The run's task is the point of truth: a state that is not
 * of the same start is put right from the task (two who start one id at once may leave the state of the one and the
 * task of the other).
 */
final class RunStates {
    private static final int WRITES_KEPT = 8;

    private final EngineAccess engine;

    RunStates(EngineAccess engine) {
        this.engine = engine;
    }

    /** A version of a state. */
    record State(StoredObject object, ObjectNode json) {

        int run() {
            return json.path("run").asInt(0);
        }

        String hash() {
            return json.path("hash").asString("");
        }

        long createdMillis() {
            return json.path("createdAt").asLong(0);
        }

        int steps() {
            return json.path("steps").asInt(0);
        }

        String taskId() {
            return json.path("task").asString("");
        }

        WorkflowStatus status() {
            return WorkflowStatus.valueOf(json.path("status").asString("PENDING"));
        }

        TaskError error() {
            return StepOutcome.readError(json.path("error"));
        }
    }

    @Nullable
    State read(RunKeys keys) {
        StoredObject object = engine.documents().read(keys.state());
        return object == null ? null : parse(object);
    }

    /** Puts the state of a new run, if there is none. One put. */
    State create(RunKeys keys, RunInput input) {
        String writeId = engine.newWriteId();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fill(json, keys, input);
        stamp(json, writeId);
        return switch (engine.documents().create(keys.state(), engine.json().writeValueAsBytes(json), writeId)) {
            case Written.Won won -> parse(won.current());
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                yield current == null ? create(keys, input) : parse(current);
            }
        };
    }

    /** Makes the state say what the task of its run, or of a later one, says. No request if it does. */
    State settle(@Nullable State known, RunKeys keys, RunInput input) {
        State state = known == null ? create(keys, input) : known;
        while (state.run() < input.run() || (state.run() == input.run() && !state.status().isFinal()
                && !state.hash().equals(input.hash()))) {
            ObjectNode json = state.json().deepCopy();
            json.remove("error");
            json.remove("endedAt");
            fill(json, keys, input);
            State next = replace(state, json);
            state = next == null ? create(keys, input) : next;
        }
        return state;
    }

    /** Makes a run's end known. One put; none if it has been made known, or a later run has begun. */
    State end(State known, RunKeys keys, RunInput input, WorkflowStatus status, @Nullable TaskError error) {
        State state = known;
        while (state.run() == input.run() && !state.status().isFinal()) {
            ObjectNode json = state.json().deepCopy();
            json.put("status", status.name()).put("endedAt", engine.storeTime().toEpochMilli());
            if (error != null) {
                json.set("error", StepOutcome.errorJson(error));
            }
            State next = replace(state, json);
            state = next == null ? create(keys, input) : next;
        }
        return state;
    }

    private void fill(ObjectNode json, RunKeys keys, RunInput input) {
        json.put("v", 1).put("type", "dag").put("name", input.name()).put("hash", input.hash())
                .put("status", WorkflowStatus.PENDING.name()).put("run", input.run())
                .put("task", keys.ofRun(input.run()).taskId(engine)).put("steps", input.steps())
                .put("createdAt", engine.storeTime().toEpochMilli());
    }

    /** The version that stands afterwards, one's own or another's; null if there is none. */
    private @Nullable State replace(State base, ObjectNode json) {
        String writeId = engine.newWriteId();
        stamp(json, writeId);
        StoredObject current = switch (engine.documents().replace(base.object(), engine.json().writeValueAsBytes(json),
                writeId)) {
            case Written.Won won -> won.current();
            case Written.Lost lost -> lost.current();
        };
        return current == null ? null : parse(current);
    }

    /** The last writes stay in the body, so that their writers recognise them. */
    private static void stamp(ObjectNode json, String writeId) {
        JsonNode before = json.path("writes");
        ArrayNode writes = JsonNodeFactory.instance.arrayNode();
        for (int i = Math.max(0, before.size() - WRITES_KEPT + 1); i < before.size(); i++) {
            writes.add(before.get(i));
        }
        writes.add(writeId);
        json.set("writes", writes);
    }

    private State parse(StoredObject object) {
        try {
            if (engine.json().readTree(object.body()) instanceof ObjectNode json) {
                return new State(object, json);
            }
        } catch (JacksonException e) {
            throw broken(object, e);
        }
        throw broken(object, null);
    }

    private static WindlassException broken(StoredObject object, @Nullable Exception cause) {
        return new WindlassException("The object " + object.key() + " is no workflow's state: '"
                + new String(object.body(), 0, Math.min(60, object.body().length), StandardCharsets.UTF_8)
                + "'. Something else has written it; look at it and remove it.", cause);
    }
}
