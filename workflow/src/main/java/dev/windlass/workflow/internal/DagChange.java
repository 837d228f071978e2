package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.MapOver;

/**
 * What a process's definition of a graph does to a run that was started with another one. Steps that came in addition are
 * taken, and so are other options; a step that is gone or wired otherwise is not: what is recorded of the run may not fit.
 *
 * @param added the steps that came in addition
 * @param refused for people: what keeps the run from going on with this definition
 */
record DagChange(List<String> added, List<String> refused) {
    private static final int SHOWN = 20;

    static DagChange between(DagDefinition started, DagDefinition now) {
        if (started.hash().equals(now.hash())) {
            return new DagChange(List.of(), List.of());
        }
        Map<String, DagStep> left = new HashMap<>();
        now.steps().forEach(step -> left.put(step.name(), step));
        List<String> refused = new ArrayList<>();
        for (DagStep before : started.steps()) {
            DagStep after = left.remove(before.name());
            if (after == null) {
                refused.add("step '" + before.name() + "' is gone");
                continue;
            }
            if (!new HashSet<>(before.needs()).equals(new HashSet<>(after.needs()))) {
                refused.add("step '" + before.name() + "' needed " + before.needs() + " and needs " + after.needs());
            }
            if (!over(before).equals(over(after))) {
                refused.add("step '" + before.name() + "' was " + over(before) + " and is " + over(after));
            }
        }
        return new DagChange(now.steps().stream().map(DagStep::name).filter(left::containsKey).toList(), refused);
    }

    private static String over(DagStep step) {
        MapOver map = step.map();
        return map == null ? "a plain step" : "a map over '" + map.step() + "'";
    }

    boolean isRefused() {
        return !refused.isEmpty();
    }

    /** Why the run pauses. */
    String reason(DagDefinition now) {
        StringBuilder text = new StringBuilder("the definition of '" + now.name() + "' version " + now.version()
                + " has changed since the run was started: ");
        text.append(String.join("; ", refused.subList(0, Math.min(SHOWN, refused.size()))));
        if (refused.size() > SHOWN) {
            text.append("; and ").append(refused.size() - SHOWN).append(" more");
        }
        return text
                .append(". Deploy a definition that has its steps as they were, or give the new one a new version and "
                        + "keep both, then resume the run.")
                .toString();
    }
}
