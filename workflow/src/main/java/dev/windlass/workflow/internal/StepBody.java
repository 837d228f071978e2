package dev.windlass.workflow.internal;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.workflow.StepCondition;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepResult;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** Calls a handler and encodes what it returns. */
final class StepBody {
    private StepBody() {
    }

    /**
     * What a body gave.
     *
     * @param result null if the step was skipped
     */
    record Given(@Nullable JsonNode result) {
        static final Given SKIPPED = new Given(null);

        /** The result; a JSON null if the step was skipped. */
        JsonNode orNull() {
            return result == null ? NullNode.getInstance() : result;
        }

        StepOutcome outcome(int attempts, Instant startedAt, Instant finishedAt, boolean fleet, String worker) {
            return result == null
                    ? StepOutcome.skipped(attempts, startedAt, finishedAt, fleet, worker)
                    : new StepOutcome(result, null, null, attempts, startedAt, finishedAt, fleet, worker);
        }
    }

    /** Whether all conditions hold, the handler's own among them. */
    static boolean applies(@Nullable StepHandler handler, String step, List<StepCondition> conditions,
            Map<String, JsonNode> parents) {
        for (StepCondition condition : conditions) {
            if (!condition.holds(parents)) {
                return false;
            }
        }
        return !(handler instanceof DagHandler graph) || graph.applies(step, parents);
    }

    static Given call(StepHandler handler, StepContext context, List<StepCondition> conditions,
            @Nullable JsonNode input, Map<String, JsonNode> parents, JsonMapper json) throws Exception {
        if (!applies(handler, context.name(), conditions, parents)) {
            return Given.SKIPPED;
        }
        Object value = handler.handle(context, input == null ? NullNode.getInstance() : input.deepCopy(), parents);
        if (value == StepResult.SKIPPED) {
            return Given.SKIPPED;
        }
        if (value == null) {
            return new Given(NullNode.getInstance());
        }
        if (value instanceof JsonNode tree) {
            return new Given(tree.deepCopy());
        }
        try {
            return new Given(json.valueToTree(value));
        } catch (JacksonException e) {
            throw new PermanentFailure("The result of step '" + context.name() + "', a " + value.getClass().getName()
                    + ", cannot be encoded as JSON. Return a JSON tree, or a value that the connection's mapper knows.",
                    e);
        }
    }
}
