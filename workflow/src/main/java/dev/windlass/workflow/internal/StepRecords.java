package dev.windlass.workflow.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.windlass.LeaseLostException;
import dev.windlass.WindlassException;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoredObject;
import dev.windlass.workflow.StepOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The step objects of one run, {@code workflow/{id}/runs/{n}/steps/{name}.json}. Put if absent: the first writer wins, and
 * a loser goes on with the winner's outcome, so that everyone sees the same one (W1). Safe for use by any number of
 * threads.
 */
final class StepRecords {
    /** Results above this are payloads of their own. */
    static final int INLINE_LIMIT = 256 * 1024;
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(StepRecords.class);

    private final EngineAccess engine;
    private final RunKeys keys;
    private final String runTaskId;

    /**
     * An outcome as it stands in the store.
     *
     * @param size of its object in bytes
     */
    record Stored(StepOutcome outcome, int size) {}

    StepRecords(EngineAccess engine, RunKeys keys, String runTaskId) {
        this.engine = engine;
        this.keys = keys;
        this.runTaskId = runTaskId;
    }

    /**
     * Records an outcome: one put, two if the result is large. Retried while the store does not answer and the claim
     * holds.
     *
     * @param segment the step's name as a segment of a key
     * @param outcome how it ended here
     * @param goOn whether the claim still holds
     * @return how it ended for everyone
     */
    Stored record(String segment, StepOutcome outcome, BooleanSupplier goOn) throws InterruptedException {
        Duration pause = Duration.ofMillis(200);
        String writeId = engine.newWriteId();
        while (true) {
            try {
                return write(segment, outcome, writeId);
            } catch (StoreException e) {
                LOG.warn("workflow {} run {}: the outcome of step {} is not recorded yet, trying again: {}",
                        keys.workflowId(), keys.run(), segment, e.getMessage());
            }
            if (!goOn.getAsBoolean()) {
                throw new LeaseLostException(runTaskId, "The claim on step " + segment + " of workflow "
                        + keys.workflowId() + " run " + keys.run() + " was lost before its outcome was recorded.",
                        null);
            }
            engine.environment().sleep(pause);
            pause = pause.compareTo(Duration.ofSeconds(5)) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    /**
     * Marks a step as begun that is to be begun at most once. One put.
     *
     * @param segment the step's name as a segment of a key
     * @param writeId of this beginning: the same when the call is repeated since its outcome was not known
     * @return false if it was begun before: how that ended is not known
     */
    boolean begin(String segment, String writeId) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", 1).put("begunAt", engine.storeTime().toEpochMilli()).put("writeId", writeId);
        byte[] body = engine.json().writeValueAsBytes(json);
        return switch (engine.documents().create(keys.begun(segment), body, writeId)) {
            case Written.Won won -> true;
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                yield current != null && engine.json().readTree(current.body()).path("forgotten").asBoolean(false)
                        && engine.documents().replace(current, body, writeId) instanceof Written.Won;
            }
        };
    }

    /** Lets a step begin once more that is begun at most once: somebody is to decide that, the run being paused. One put. */
    void forgetBegin(String segment) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        engine.documents().put(keys.begun(segment),
                engine.json().writeValueAsBytes(json.put("v", 1).put("forgotten", true)));
    }

    /** The error of a step that was begun before, and whose outcome is not known. */
    static TaskError outcomeUnknown() {
        return new TaskError(StepOptions.OUTCOME_UNKNOWN, "The step is begun at most once. It was begun before, and "
                + "nothing tells how that ended: its process died or lost its claim. Find out whether the work was "
                + "done; the step does not run again.", null);
    }

    private Stored write(String segment, StepOutcome given, String writeId) {
        StepOutcome outcome = given;
        byte[] body = encode(given, writeId);
        JsonNode result = given.result();
        if (result != null && body.length > INLINE_LIMIT) {
            byte[] encoded = engine.json().writeValueAsBytes(result);
            if (encoded.length > LARGEST) {
                TaskError error = new TaskError("result-too-large", "The result is " + encoded.length
                        + " bytes encoded. Return at most " + LARGEST + " bytes.", null);
                outcome = new StepOutcome(null, null, error, given.attempts(), given.startedAt(), given.finishedAt(),
                        given.fleet(), given.worker(), given.asked(), false);
            } else {
                outcome = new StepOutcome(null, engine.putPayload(runTaskId, "step-result", encoded), null,
                        given.attempts(), given.startedAt(), given.finishedAt(), given.fleet(), given.worker(),
                        given.asked(), false);
            }
            body = encode(outcome, writeId);
        }
        String key = keys.step(segment);
        return switch (engine.documents().create(key, body, writeId)) {
            case Written.Won won -> new Stored(outcome, body.length);
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                if (current == null) {
                    throw new WindlassException("The step object " + key + " was there and is gone. Step objects are "
                            + "removed only with their workflow: was it purged while it ran?");
                }
                yield new Stored(parse(current), current.body().length);
            }
        };
    }

    private byte[] encode(StepOutcome outcome, String writeId) {
        ObjectNode json = outcome.toJson();
        json.put("writeId", writeId);
        return engine.json().writeValueAsBytes(json);
    }

    /** How a step ended; null if it has not. One get. */
    @Nullable
    Stored read(String segment) {
        StoredObject object = engine.documents().read(keys.step(segment));
        return object == null ? null : new Stored(parse(object), object.body().length);
    }

    /** A fresh copy of a successful step's result: held, or read by one get or two; a JSON null of a skipped one. */
    JsonNode result(String segment, StepOutcome outcome) {
        StepOutcome whole = outcome;
        if (whole.result() == null && whole.resultKey() == null && !whole.skipped()) {
            Stored read = read(segment);
            if (read == null) {
                throw new WindlassException("The step object " + keys.step(segment) + " is gone. Step objects are "
                        + "removed only with their workflow: was it purged while it ran?");
            }
            whole = read.outcome();
        }
        JsonNode result = whole.result();
        if (result != null || whole.skipped()) {
            return result == null ? NullNode.getInstance() : result.deepCopy();
        }
        String key = whole.resultKey();
        if (key == null) {
            throw new WindlassException("The step object " + keys.step(segment) + " holds no result.");
        }
        return engine.json().readTree(engine.payload(key));
    }

    private StepOutcome parse(StoredObject object) {
        try {
            return StepOutcome.read(engine.json().readTree(object.body()));
        } catch (JacksonException e) {
            throw new WindlassException("The step object " + object.key() + " is no JSON: '"
                    + new String(object.body(), 0, Math.min(60, object.body().length), StandardCharsets.UTF_8)
                    + "'. Something else has written it.", e);
        }
    }
}
