package dev.windlass.workflow;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.windlass.workflow.internal.DagHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The handler of the steps of one kind of a graph that this process knows by names. */
final class NamedSteps implements DagHandler {
    private final DagDefinition definition;
    private final Set<String> names;
    private final StepHandler handler;

    NamedSteps(DagDefinition definition, StepHandler handler) {
        this.definition = definition;
        this.names = definition.steps().stream().map(DagStep::name).collect(Collectors.toUnmodifiableSet());
        this.handler = handler;
    }

    @Override
    public DagDefinition definition() {
        return definition;
    }

    /** Its conditions stand in the definition. */
    @Override
    public boolean applies(String step, Map<String, JsonNode> parents) {
        return true;
    }

    @Override
    public boolean knows(String step) {
        int bracket = step.lastIndexOf('[');
        return names.contains(step) || (bracket > 0 && names.contains(step.substring(0, bracket)));
    }

    @Override
    public @Nullable Object handle(StepContext step, JsonNode input, Map<String, JsonNode> parents) throws Exception {
        return handler.handle(step, input, parents);
    }
}
