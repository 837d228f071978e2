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
 * @param hash the same for the same type, version and input; of a run that goes on as a new one, that of the first
 * @param value the function's input, if it is small
 * @param valueKey where that input is, if it is not
 * @param parent who waits for its end, or null
 * @param seed of one that is tried again or forked, what its randomness is made of: the task of the run that began it; else null
 * @param since the first of the runs of which each has gone on as the next, up to this one; its own number if there are none
 */
record FunctionInput(String workflowId, int run, String name, int version, String hash, @Nullable JsonNode value,
        @Nullable String valueKey, @Nullable Parent parent, @Nullable String seed, int since) implements RunSpec {
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
                small ? value : null, key, parent, null, keys.run());
    }

    /** The input of the run that follows this one, which goes on as it. One put if it is large. */
    FunctionInput next(EngineAccess engine, RunKeys keys, Continuation decided) {
        byte[] encoded = engine.json().writeValueAsBytes(decided.input());
        boolean small = encoded.length <= INLINE_LIMIT;
        return new FunctionInput(workflowId, keys.run(), name, decided.version(), hash,
                small ? decided.input() : null, small ? null : engine.putPayload(keys.taskId(engine), "input", encoded),
                parent, null, since);
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
        if (seed != null) {
            json.put("seed", seed);
        }
        if (since != run) {
            json.put("since", since);
        }
        return json;
    }

    static FunctionInput read(JsonNode json) {
        JsonNode key = json.get("inputKey");
        JsonNode parent = json.get("parent");
        JsonNode seed = json.get("seed");
        FunctionInput input = new FunctionInput(json.path("workflow").asString(""), json.path("run").asInt(0),
                json.path("name").asString(""), json.path("version").asInt(0), json.path("hash").asString(""),
                json.get("input"), key == null ? null : key.asString(),
                parent == null
                        ? null
                        : new Parent(parent.path("workflow").asString(""), parent.path("run").asInt(1)),
                seed == null ? null : seed.asString(), json.path("since").asInt(json.path("run").asInt(0)));
        if (input.workflowId.isEmpty() || input.run < 1 || input.version < 1
                || (input.value == null && input.valueKey == null)) {
            throw new WindlassException("This task's input is none of a durable function: it lacks the workflow, the "
                    + "run's number, the version or the input. It was not submitted by a workflow engine of this "
                    + "version.");
        }
        return input;
    }

    /**
     * What the function's randomness is made of: the same in a run that takes outcomes over, since they came of it.
     *
     * @param task the id of the run's own task
     */
    String seed(String task) {
        return seed == null ? task : seed;
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
