package dev.windlass.workflow.internal;

import java.lang.reflect.Type;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.PermanentFailure;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** Values of a durable function as JSON, and back. Safe for use by any number of threads. */
final class FunctionValues {
    private final FunctionRun run;
    private final JsonMapper json;

    FunctionValues(FunctionRun run) {
        this.run = run;
        this.json = run.engine().json();
    }

    /** What a body has returned, as it will be recorded: it must be possible to read it again. */
    JsonNode encode(String step, @Nullable Object value, Type type) {
        if (value == null || type == Void.class) {
            return NullNode.getInstance();
        }
        JsonNode tree;
        try {
            tree = tree(json, value);
        } catch (JacksonException e) {
            throw new PermanentFailure("The result of step '" + step + "', a " + value.getClass().getName()
                    + ", cannot be encoded as JSON: " + e.getOriginalMessage(), e);
        }
        try {
            as(tree, type);
        } catch (InvalidInputException e) {
            throw new PermanentFailure("The result of step '" + step + "' cannot be read again: " + e.getMessage(), e);
        }
        return tree;
    }

    /** An input, as it is handed on. */
    JsonNode encodeInput(String what, @Nullable Object value) {
        return encodeInput(json, what, value);
    }

    static JsonNode encodeInput(JsonMapper json, String what, @Nullable Object value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        try {
            return tree(json, value);
        } catch (JacksonException e) {
            throw new InvalidInputException(what + ", a " + value.getClass().getName()
                    + ", cannot be encoded as JSON: " + e.getOriginalMessage()
                    + " Give the type public properties, or configure the mapper of the connection.", e);
        }
    }

    /** Through bytes, so that it is what a reader will see. */
    private static JsonNode tree(JsonMapper json, Object value) {
        return json.readTree(json.writeValueAsBytes(value));
    }

    /** The recorded result: held, or read by one get or two. */
    JsonNode decode(Op op, StepOutcome outcome) {
        return run.records().result(op.segment, outcome);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the type says it
    <T> T as(JsonNode tree, Type type) {
        return as(json, tree, type);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the type says it
    static <T> T as(JsonMapper json, JsonNode tree, Type type) {
        try {
            return json.treeToValue(tree, json.constructType(type));
        } catch (JacksonException e) {
            throw new InvalidInputException("it is no " + type.getTypeName() + ": " + e.getOriginalMessage() + ".", e);
        }
    }
}
