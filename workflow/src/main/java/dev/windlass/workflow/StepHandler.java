package dev.windlass.workflow;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Does the work of one kind of step. Called on a thread of its own for each try, by any number of threads at once. */
@FunctionalInterface
public interface StepHandler {

    /**
     * Works on one step.
     *
     * @param step about the step
     * @param input its static input; a JSON null if it has none
     * @param parents the results of the steps that it needs, by name, in the order in which it names them; its own copies
     * @return its result: a JSON tree, or a value that the connection's mapper encodes; null for none; at most 64 MiB
     *         encoded
     * @throws Exception the step is tried again as its retry policy says; a {@link dev.windlass.queue.PermanentFailure}
     *             fails it at once
     */
    @Nullable
    Object handle(StepContext step, JsonNode input, Map<String, JsonNode> parents) throws Exception;
}
