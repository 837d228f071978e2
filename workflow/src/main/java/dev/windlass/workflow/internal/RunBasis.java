package dev.windlass.workflow.internal;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run takes over from one of its workflow before it, as the input of its task says: of one that is tried again, all
 * that succeeded; of one that is forked, what came before a step.
 *
 * @param run the number of the run before
 * @param from the name of the step at which a fork begins anew; null of a retry
 */
record RunBasis(int run, @Nullable String from) {

    /** What a task's input says; null if its run takes nothing over. */
    static @Nullable RunBasis read(JsonNode input) {
        int run = input.path("basis").asInt(0);
        JsonNode from = input.get("from");
        return run == 0 ? null : new RunBasis(run, from == null ? null : from.asString());
    }

    void write(ObjectNode input) {
        input.put("basis", run);
        if (from == null) {
            input.remove("from");
        } else {
            input.put("from", from);
        }
    }

    /** How messages name what was asked for. */
    String label() {
        return from == null ? "tried again" : "forked";
    }
}
