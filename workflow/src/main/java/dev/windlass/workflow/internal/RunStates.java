package dev.windlass.workflow.internal;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.WindlassException;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.WorkflowNotFoundException;
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

        boolean isFunction() {
            return json.path("type").asString("").equals("function");
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

        /** Why the run is paused; null if it is not. */
        @Nullable
        String pauseReason() {
            JsonNode pause = json.get("pause");
            return pause == null ? null : pause.path("reason").asString("");
        }

        /** How often the run has been paused. */
        int pauses() {
            return json.path("pauses").asInt(0);
        }

        /** Why the run is to be cancelled; null if nobody has asked for that. */
        @Nullable
        String cancelReason() {
            JsonNode cancel = json.get("cancel");
            return cancel == null ? null : cancel.path("reason").asString("");
        }

        /** The first of the runs of which each has gone on as the next, up to the latest. */
        int since() {
            return json.path("since").asInt(run());
        }

        /** The number of the run that a run has gone on as; its own if it has not. */
        int followed(int number) {
            return number >= since() && number < run() ? run() : number;
        }

        /** Whether it speaks of this run, and the run is open. */
        boolean isOpen(int number) {
            return run() == number && !status().isFinal();
        }
    }

    @Nullable
    State read(RunKeys keys) {
        StoredObject object = engine.documents().read(keys.state());
        return object == null ? null : parse(object);
    }

    /** The state of a workflow that must be there. */
    State require(RunKeys keys) {
        State state = read(keys);
        if (state == null) {
            throw new WorkflowNotFoundException(keys.workflowId(), "There is no workflow '" + keys.workflowId()
                    + "'. Check the id; a finished one may have been purged.");
        }
        return state;
    }

    /** Puts the state of a new run, if there is none. One put. */
    State create(RunKeys keys, RunSpec input) {
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
    State settle(@Nullable State known, RunKeys keys, RunSpec input) {
        State state = known == null ? create(keys, input) : known;
        while (state.run() < input.run() || (state.run() == input.run() && !state.status().isFinal()
                && !state.hash().equals(input.hash()))) {
            ObjectNode json = state.json().deepCopy();
            boolean goesOn = state.run() < input.run() && input.since() <= state.run() && !state.status().isFinal();
            json.remove("error");
            json.remove("endedAt");
            if (!goesOn) { // else what was asked of the run before is asked of this one
                json.remove("pause");
                json.remove("pauses");
                json.remove("cancel");
            }
            fill(json, keys, input);
            State next = replace(state, json);
            state = next == null ? create(keys, input) : next;
        }
        return state;
    }

    /** Makes a run's end known. One put; none if it has been made known, or a later run has begun. */
    State end(State known, RunKeys keys, RunSpec input, WorkflowStatus status, @Nullable TaskError error) {
        State state = known;
        while (state.isOpen(input.run())) {
            State next = replace(state, ended(state, status, error));
            state = next == null ? create(keys, input) : next;
        }
        return state;
    }

    /** The same by somebody who does not know the run's input. */
    State end(State known, RunKeys keys, WorkflowStatus status, @Nullable TaskError error) {
        State state = known;
        while (state.isOpen(keys.run())) {
            State next = replace(state, ended(state, status, error));
            if (next == null) {
                return state;
            }
            state = next;
        }
        return state;
    }

    private ObjectNode ended(State state, WorkflowStatus status, @Nullable TaskError error) {
        ObjectNode json = state.json().deepCopy();
        json.put("status", status.name()).put("endedAt", engine.storeTime().toEpochMilli());
        json.remove("pause");
        if (error != null) {
            json.set("error", StepOutcome.errorJson(error));
        }
        return json;
    }

    /**
     * Pauses a run that is open. One put; none if it is paused, or has ended.
     *
     * @param by who or what asks for it: {@code user} or {@code engine}
     */
    State pause(State known, int run, String reason, String by) {
        return change(known, state -> state.isOpen(run) && state.pauseReason() == null, json -> {
            json.put("status", WorkflowStatus.PAUSED.name());
            json.putObject("pause").put("reason", reason).put("by", by).put("at", engine.storeTime().toEpochMilli());
            json.put("pauses", json.path("pauses").asInt(0) + 1);
        });
    }

    /** Lets a paused run go on. One put; none if it is not paused, or has ended. */
    State resume(State known, int run) {
        return change(known, state -> state.isOpen(run) && state.pauseReason() != null, json -> {
            json.put("status", WorkflowStatus.PENDING.name());
            json.remove("pause");
        });
    }

    /** Asks for a run's cancellation. One put; none if that has been asked for, or it has ended. */
    State requestCancel(State known, int run, String reason) {
        return change(known, state -> state.isOpen(run) && state.cancelReason() == null,
                json -> json.putObject("cancel").put("reason", reason).put("at", engine.storeTime().toEpochMilli()));
    }

    /** Changes a state, again and again while others change it, for as long as the change applies. */
    private State change(State known, Predicate<State> applies, Consumer<ObjectNode> edit) {
        State state = known;
        while (applies.test(state)) {
            ObjectNode json = state.json().deepCopy();
            edit.accept(json);
            State next = replace(state, json);
            if (next == null) {
                throw new WindlassException("The object " + state.object().key() + " was there and is gone: was the "
                        + "workflow purged while it was open?");
            }
            state = next;
        }
        return state;
    }

    private void fill(ObjectNode json, RunKeys keys, RunSpec input) {
        if (input.version() == 1) {
            json.remove("version");
        } else {
            json.put("version", input.version());
        }
        if (input.since() == input.run()) {
            json.remove("since");
        } else {
            json.put("since", input.since());
        }
        WorkflowStatus status = json.has("pause") ? WorkflowStatus.PAUSED : WorkflowStatus.PENDING;
        json.put("v", 1).put("type", input.form()).put("name", input.name()).put("hash", input.hash())
                .put("status", status.name()).put("run", input.run())
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
