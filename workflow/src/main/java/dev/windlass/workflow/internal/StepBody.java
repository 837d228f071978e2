package dev.windlass.workflow.internal;

import java.util.Map;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** Calls a handler and encodes what it returns. */
final class StepBody {
    private StepBody() {
    }

    static JsonNode call(StepHandler handler, StepContext context, @Nullable JsonNode input,
            Map<String, JsonNode> parents, JsonMapper json) throws Exception {
        Object value = handler.handle(context, input == null ? NullNode.getInstance() : input.deepCopy(), parents);
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof JsonNode tree) {
            return tree.deepCopy();
        }
        try {
            return json.valueToTree(value);
        } catch (JacksonException e) {
            throw new PermanentFailure("The result of step '" + context.name() + "', a " + value.getClass().getName()
                    + ", cannot be encoded as JSON. Return a JSON tree, or a value that the connection's mapper knows.",
                    e);
        }
    }
}
