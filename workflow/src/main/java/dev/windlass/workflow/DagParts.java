package dev.windlass.workflow;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@link DagBuilder} and its views have collected. Not safe for use by several threads. */
final class DagParts {
    private static final int NAME_LIMIT = 150;
    /** It holds the version, which is known at the end. */
    private static final String KIND_TO_COME = "-";

    private final String name;
    private final Type input;
    private final Map<String, TypedStep> steps = new LinkedHashMap<>();
    private final List<DagStep> definitions = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int version = 1;

    DagParts(String name, Type input) {
        this.name = name;
        this.input = input;
    }

    <I> StepRef<I> input() {
        return StepRef.of(this, DagStep.RUN_INPUT, input, false);
    }

    void version(int version) {
        if (version < 1) {
            problems.add("its version is " + version + ": use 1 or more");
        } else {
            this.version = version;
        }
    }

    int version() {
        return version;
    }

    void add(TypedStep step, StepOptions options, int parallel) {
        Set<String> needs = new LinkedHashSet<>();
        for (StepRef<?> take : step.takes()) {
            check(step.name(), take);
            needs.add(take.name());
        }
        for (TypedStep.Test test : step.tests()) {
            for (StepRef<?> take : test.takes()) {
                check("the condition of " + step.name(), take);
                needs.add(take.name());
            }
        }
        MapOver map = null;
        if (step.map()) {
            if (parallel < 0) {
                problems.add("map step '" + step.name() + "' has parallelism " + parallel
                        + ": use 1 or more, or 0 for as many as there is room for");
            }
            map = new MapOver(step.takes().get(0).name(), Math.max(0, parallel));
        }
        definitions.add(new DagStep(step.name(), KIND_TO_COME, null, List.copyOf(needs), options, List.of(), map));
        steps.put(step.name(), step);
    }

    private void check(String step, StepRef<?> take) {
        if (take.graph() != this) {
            problems.add("step '" + step + "' takes '" + take.name() + "', which is a step of another graph");
        } else if (take.isUnchecked()) {
            problems.add("step '" + step + "' takes '" + take.name() + "', which may be absent: it has a condition, or "
                    + "the run goes on if it fails. Take " + take.name() + ".optional()");
        }
    }

    void checkResult(List<String> found, StepRef<?> result) {
        if (result.graph() != this) {
            found.add("its result is '" + result.name() + "', which is a step of another graph");
        } else if (result.name().equals(DagStep.RUN_INPUT)) {
            found.add("its result is its input: return a step");
        } else if (result.isUnchecked() || result.isOptional()) {
            found.add("its result is '" + result.name() + "', which may be absent: return a step that always has a "
                    + "result, such as one that takes " + result.name() + ".optional()");
        }
    }

    List<String> nameProblems() {
        int length = DagChecks.encodedLength(name);
        return length <= NAME_LIMIT
                ? List.of()
                : List.of("its name is " + length + " bytes long once percent-encoded: use at most " + NAME_LIMIT);
    }

    List<String> problems() {
        return problems;
    }

    Map<String, TypedStep> steps() {
        return steps;
    }

    List<DagStep> definitions() {
        String kind = Dag.kind(name, version);
        List<DagStep> all = new ArrayList<>();
        for (DagStep step : definitions) {
            all.add(new DagStep(step.name(), kind, null, step.needs(), step.options(), step.conditions(), step.map()));
        }
        return all;
    }
}
