package dev.windlass.workflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What may be wrong with a graph. Finds all of it at once, in time linear in the size of the graph. */
final class DagChecks {
    private static final int NAME_LIMIT = 200;
    /** A kind is part of a task type's name, behind a prefix. */
    private static final int KIND_LIMIT = 180;
    /** Behind it come the number of an item, in brackets that are encoded. */
    private static final int MAP_NAME_LIMIT = NAME_LIMIT - 12;
    private static final int SHOWN = 50;
    private static final int MOST_STEPS = 1_000_000;

    private DagChecks() {
    }

    static List<String> problems(String name, List<DagStep> steps) {
        List<String> problems = new ArrayList<>();
        checkName(problems, "the graph's name", name, NAME_LIMIT);
        if (steps.isEmpty()) {
            problems.add("it has no steps: give it at least one");
        }
        if (steps.size() > MOST_STEPS) {
            problems.add("it has " + steps.size() + " steps: use at most " + MOST_STEPS);
            return problems;
        }
        Map<String, Integer> index = new HashMap<>();
        Set<String> doubled = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            DagStep step = steps.get(i);
            checkName(problems, "the name of step " + (i + 1), step.name(), NAME_LIMIT);
            checkName(problems, "the kind of step '" + step.name() + "'", step.kind(), KIND_LIMIT);
            String queue = step.queue();
            if (queue != null) {
                checkName(problems, "the queue of step '" + step.name() + "'", queue, NAME_LIMIT);
            }
            if (step.name().equals(DagStep.RUN_INPUT)) {
                problems.add("a step is called '" + DagStep.RUN_INPUT + "', which stands for the run's input");
            }
            if (index.putIfAbsent(step.name(), i) != null && doubled.add(step.name())) {
                problems.add("two steps are called '" + step.name() + "': names must differ");
            }
        }
        for (DagStep step : steps) {
            checkNeeds(problems, step, index);
        }
        checkItems(problems, steps);
        if (doubled.isEmpty()) {
            cycles(problems, steps, index);
        }
        return problems;
    }

    static String message(String name, List<String> problems) {
        StringBuilder text = new StringBuilder("The graph '" + name + "' cannot be used: ");
        text.append(String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size()))));
        if (problems.size() > SHOWN) {
            text.append("; and ").append(problems.size() - SHOWN).append(" more");
        }
        return text.append('.').toString();
    }

    private static void checkName(List<String> problems, String what, String name, int limit) {
        if (name.isEmpty()) {
            problems.add(what + " is empty");
            return;
        }
        int length = encodedLength(name);
        if (length > limit) {
            problems.add(what + " is " + length + " bytes long once percent-encoded ('" + name.substring(0,
                    name.offsetByCodePoints(0, Math.min(20, name.codePointCount(0, name.length()))))
                    + "…'): use at most "
                    + limit);
        }
    }

    private static void checkNeeds(List<String> problems, DagStep step, Map<String, Integer> index) {
        Set<String> seen = new HashSet<>();
        for (String need : step.needs()) {
            if (need.equals(step.name())) {
                problems.add("step '" + step.name() + "' needs itself");
            } else if (!index.containsKey(need) && !need.equals(DagStep.RUN_INPUT)) {
                problems.add("step '" + step.name() + "' needs '" + need + "', which is no step of the graph");
            }
            if (!seen.add(need)) {
                problems.add("step '" + step.name() + "' names '" + need + "' twice among its needs");
            }
        }
    }

    /** What a step looks at must be among its needs; and nothing may be called like an item of a map step. */
    private static void checkItems(List<String> problems, List<DagStep> steps) {
        Set<String> maps = new HashSet<>();
        for (DagStep step : steps) {
            MapOver map = step.map();
            if (map != null) {
                maps.add(step.name());
                if (!step.needs().contains(map.step())) {
                    problems.add("step '" + step.name() + "' maps over '" + map.step()
                            + "', which is not among its needs");
                }
                if (encodedLength(step.name()) > MAP_NAME_LIMIT) {
                    problems.add("the name of map step '" + step.name().substring(0, 20) + "…' is "
                            + encodedLength(step.name()) + " bytes long once percent-encoded: use at most "
                            + MAP_NAME_LIMIT + ", since its items' names are longer");
                }
            }
            for (StepCondition condition : step.conditions()) {
                if (!step.needs().contains(condition.step())) {
                    problems.add("step '" + step.name() + "' has a condition on '" + condition.step()
                            + "', which is not among its needs");
                }
            }
        }
        for (DagStep step : steps) {
            int bracket = maps.isEmpty() ? -1 : step.name().lastIndexOf('[');
            if (bracket > 0 && step.name().endsWith("]") && maps.contains(step.name().substring(0, bracket))) {
                problems.add("step '" + step.name() + "' is called like an item of map step '"
                        + step.name().substring(0, bracket) + "'");
            }
        }
    }

    /** Takes away all steps that can run; what is left lies on a cycle or behind one, and each walk back ends in one. */
    private static void cycles(List<String> problems, List<DagStep> steps, Map<String, Integer> index) {
        int size = steps.size();
        int[] open = new int[size];
        List<List<Integer>> children = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            children.add(new ArrayList<>());
        }
        for (int i = 0; i < size; i++) {
            for (String need : steps.get(i).needs()) {
                Integer parent = index.get(need);
                if (parent != null && parent != i) {
                    open[i]++;
                    children.get(parent).add(i);
                }
            }
        }
        ArrayDeque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < size; i++) {
            if (open[i] == 0) {
                free.add(i);
            }
        }
        boolean[] runs = new boolean[size];
        while (!free.isEmpty()) {
            int next = free.remove();
            runs[next] = true;
            for (int child : children.get(next)) {
                if (--open[child] == 0) {
                    free.add(child);
                }
            }
        }
        int[] walk = new int[size];
        for (int i = 0; i < size; i++) {
            if (!runs[i] && walk[i] == 0) {
                String cycle = walkBack(i, i + 1, steps, index, runs, walk);
                if (cycle != null) {
                    problems.add("a cycle of needs: " + cycle);
                }
            }
        }
    }

    /** Follows needs from a step that cannot run until a step comes again; null if that one belongs to an earlier walk. */
    private static @Nullable String walkBack(int start, int mark, List<DagStep> steps, Map<String, Integer> index,
            boolean[] runs, int[] walk) {
        List<Integer> path = new ArrayList<>();
        int at = start;
        while (walk[at] == 0) {
            walk[at] = mark;
            path.add(at);
            at = blockingNeed(at, steps, index, runs);
        }
        if (walk[at] != mark) {
            return null;
        }
        List<Integer> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        Collections.rotate(cycle, -cycle.indexOf(Collections.min(cycle)));
        cycle.add(cycle.get(0));
        List<String> names = new ArrayList<>();
        for (int i : cycle) {
            names.add(steps.get(i).name());
        }
        return String.join(" → ", names);
    }

    private static int blockingNeed(int step, List<DagStep> steps, Map<String, Integer> index, boolean[] runs) {
        for (String need : steps.get(step).needs()) {
            Integer parent = index.get(need);
            if (parent != null && parent != step && !runs[parent]) {
                return parent;
            }
        }
        throw new IllegalStateException("step '" + steps.get(step).name() + "' waits for nothing");
    }

    static int encodedLength(String name) {
        int length = 0;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-'
                    || b == '_' || b == '.' || b == '~';
            length += plain ? 1 : 3;
        }
        return length;
    }
}
