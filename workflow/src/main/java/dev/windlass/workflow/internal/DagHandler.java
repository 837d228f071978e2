package dev.windlass.workflow.internal;

import java.util.Map;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StepHandler;
import tools.jackson.databind.JsonNode;

/** The handler of all steps of a graph whose definition is code in this process. */
public interface DagHandler extends StepHandler {

    /** The graph as this process has it. */
    DagDefinition definition();

    /**
     * Whether a step is to run.
     *
     * @param step the step's name; of a map step asked once, before its items
     * @param parents the results of the steps that it needs, by name, without those that have none
     */
    boolean applies(String step, Map<String, JsonNode> parents);

    /**
     * Whether this process knows a step: one of another definition of the same name and version it may not.
     *
     * @param step the step's name, or that of the step of an item
     */
    boolean knows(String step);
}
