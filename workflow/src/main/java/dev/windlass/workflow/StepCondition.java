package dev.windlass.workflow;

import java.util.Map;

import dev.windlass.InvalidInputException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What must hold for a step to run; where it does not, the step ends as skipped. Compares one value of a needed step's
 * result with a constant; numbers are equal if their values are, 1 and 1.0 too. A step without a result has no values, so
 * that nothing {@code is} anything there. Immutable; the JSON tree must not be changed.
 *
 * @param step the step whose result is looked at: one of the needs, or {@link DagStep#RUN_INPUT}
 * @param at where in that result, as a JSON Pointer such as {@code /score}; empty for the whole
 * @param value what it is compared with
 * @param equal true if it must be equal, false if it must differ
 */
public record StepCondition(String step, String at, JsonNode value, boolean equal) {

    /** Checks the pointer. */
    public StepCondition {
        try {
            JsonPointer.compile(at);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("The condition on '" + step + "' looks at '" + at
                    + "', which is no JSON Pointer. Use one such as \"/score\", or \"\" for the whole result.", e);
        }
    }

    /**
     * A value must be equal to a constant.
     *
     * @param step the step whose result is looked at
     * @param at where in it, as a JSON Pointer; empty for the whole
     * @param value the constant
     */
    public static StepCondition is(String step, String at, JsonNode value) {
        return new StepCondition(step, at, value, true);
    }

    /**
     * A value must differ from a constant, or be missing.
     *
     * @param step the step whose result is looked at
     * @param at where in it, as a JSON Pointer; empty for the whole
     * @param value the constant
     */
    public static StepCondition isNot(String step, String at, JsonNode value) {
        return new StepCondition(step, at, value, false);
    }

    /**
     * Whether it holds.
     *
     * @param parents the results of the steps that are needed, by name; without those that have none
     */
    public boolean holds(Map<String, JsonNode> parents) {
        JsonNode result = parents.get(step);
        JsonNode found = result == null ? MissingNode.getInstance() : result.at(at);
        return equal == (!found.isMissingNode() && same(found, value));
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return (a.isNumber() && b.isNumber()) ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }
}
