package dev.windlass.workflow.internal;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.workflow.WorkflowType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The input of the task of a run of a durable function. Self-contained: the state can be made from it.
 *
 * @param workflowId the workflow
 * @param run the run's number, from 1
 * @param name the function's type
 * @param version the type's version
 * @param hash the same for the same type, version and input
 * @param value the function's input, if it is small
 * @param valueKey where that input is, if it is not
 * @param parent who waits for its end, or null
 */
record FunctionInput(String workflowId, int run, String name, int version, String hash, @Nullable JsonNode value,
        @Nullable String valueKey, @Nullable Parent parent) implements RunSpec {
    private static final int INLINE_LIMIT = 64 * 1024;

    /** The run that has started this one. */
    record Parent(String workflowId, int run) {}

    static FunctionInput of(EngineAccess engine, RunKeys keys, WorkflowType<?, ?> type, JsonNode value,
            @Nullable Parent parent) {
        byte[] encoded = engine.json().writeValueAsBytes(value);
        boolean small = encoded.length <= INLINE_LIMIT;
        String key = small ? null : engine.putPayload(keys.taskId(engine), "input", encoded);
        String hash = engine.deriveTaskId("workflow-function", type.name() + "\n" + type.version() + "\n"
                + engine.json().writeValueAsString(value));
        return new FunctionInput(keys.workflowId(), keys.run(), type.name(), type.version(), hash,
                small ? value : null, key, parent);
    }

    @Override
    public String form() {
        return "function";
    }

    @Override
    public int steps() {
        return 0;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("v", 1).put("workflow", workflowId).put("run", run).put("name", name).put("version", version)
                .put("hash", hash);
        if (value != null) {
            json.set("input", value);
        }
        if (valueKey != null) {
            json.put("inputKey", valueKey);
        }
        if (parent != null) {
            json.putObject("parent").put("workflow", parent.workflowId()).put("run", parent.run());
        }
        return json;
    }

    static FunctionInput read(JsonNode json) {
        JsonNode key = json.get("inputKey");
        JsonNode parent = json.get("parent");
        FunctionInput input = new FunctionInput(json.path("workflow").asString(""), json.path("run").asInt(0),
                json.path("name").asString(""), json.path("version").asInt(0), json.path("hash").asString(""),
                json.get("input"), key == null ? null : key.asString(),
                parent == null
                        ? null
                        : new Parent(parent.path("workflow").asString(""), parent.path("run").asInt(1)));
        if (input.workflowId.isEmpty() || input.run < 1 || input.version < 1
                || (input.value == null && input.valueKey == null)) {
            throw new WindlassException("This task's input is none of a durable function: it lacks the workflow, the "
                    + "run's number, the version or the input. It was not submitted by a workflow engine of this "
                    + "version.");
        }
        return input;
    }

    /** The function's input: from here, or by one get. */
    JsonNode value(EngineAccess engine) {
        if (value != null) {
            return value;
        }
        if (valueKey != null) {
            return engine.json().readTree(engine.payload(valueKey));
        }
        throw new IllegalStateException("a run without an input");
    }
}
