package dev.windlass.workflow;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.workflow.internal.DagHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The handler of all steps of one {@link Dag}: finds a step by its name, decodes what it takes, encodes what it gives. */
final class TypedSteps implements DagHandler {
    private final DagDefinition definition;
    private final Map<String, TypedStep> steps;
    private final JsonMapper json;

    TypedSteps(DagDefinition definition, Map<String, TypedStep> steps, JsonMapper json) {
        this.definition = definition;
        this.steps = steps;
        this.json = json;
    }

    private @Nullable TypedStep find(String name) {
        TypedStep step = steps.get(name);
        int bracket = step == null ? name.lastIndexOf('[') : -1;
        return bracket < 0 ? step : steps.get(name.substring(0, bracket));
    }

    @Override
    public DagDefinition definition() {
        return definition;
    }

    @Override
    public boolean knows(String step) {
        return find(step) != null;
    }

    @Override
    public boolean applies(String name, Map<String, JsonNode> parents) {
        TypedStep step = steps.get(name); // of an item it was asked before
        if (step == null) {
            return true;
        }
        for (TypedStep.Test test : step.tests()) {
            if (!test.holds().test(values(step, test.takes(), parents, false))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public JsonNode handle(StepContext context, JsonNode input, Map<String, JsonNode> parents) throws Exception {
        TypedStep step = find(context.name());
        if (step == null) {
            throw new PermanentFailure("This process has no step '" + context.name()
                    + "' in its definition of the graph. Register the definition that the run was started with.");
        }
        Object result = step.body().run(context, values(step, step.takes(), parents, step.map()));
        return encoded(context.name(), step.type(), result);
    }

    private List<@Nullable Object> values(TypedStep step, List<StepRef<?>> takes, Map<String, JsonNode> parents,
            boolean item) {
        List<@Nullable Object> values = new ArrayList<>();
        for (StepRef<?> take : takes) {
            JsonNode node = parents.get(take.name());
            Type type = item && values.isEmpty() ? item(take.type()) : take.type();
            Object value = node == null || node.isNull() ? null : decoded(step, take, node, type);
            values.add(take.isOptional() ? Optional.ofNullable(value) : value);
        }
        return values;
    }

    /** The type of the items of a list. */
    static Type item(Type list) {
        return list instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[0]
                : Object.class;
    }

    private Object decoded(TypedStep step, StepRef<?> take, JsonNode node, Type type) {
        try {
            return json.treeToValue(node, json.constructType(type));
        } catch (JacksonException e) {
            throw new PermanentFailure("Step '" + step.name() + "' takes "
                    + (take.name().equals(DagStep.RUN_INPUT)
                            ? "the run's input"
                            : "the result of step '" + take.name()
                                    + "'")
                    + " as " + type.getTypeName() + ", and what is recorded cannot be read as that. Was the type "
                    + "changed since? Take what it was, or give the graph a new version.", e);
        }
    }

    private JsonNode encoded(String step, Type type, @Nullable Object result) {
        return encoded("The result of step '" + step + "'", type, result, json);
    }

    /** A value as JSON, if that can be read again; what holds for a value that is read holds for one just made. */
    static JsonNode encoded(String what, Type type, @Nullable Object value, JsonMapper json) {
        try {
            JsonNode node = value instanceof JsonNode tree ? tree : json.valueToTree(value);
            if (!node.isNull()) {
                json.treeToValue(node, json.constructType(type));
            }
            return node;
        } catch (JacksonException e) {
            throw new PermanentFailure(what + ", a " + (value == null ? "null" : value.getClass().getName())
                    + ", cannot be encoded as JSON and read again as " + type.getTypeName()
                    + ". Use a type that the connection's mapper knows both ways.", e);
        }
    }
}
