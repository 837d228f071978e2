package dev.windlass.cli.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.Problems;

/**
 * A checked, immutable graph of tasks: at least one task, unique ids, known parents, no cycle, runtimes of zero or
 * more. Safe for use by any number of threads. Every algorithm here is iterative, so that a chain of any length fits
 * the stack.
 */
public final class WorkflowGraph {
    /** Longest id in bytes after percent-encoding: ids become names of steps, and the engine's names have this limit. */
    public static final int MAX_ID_BYTES = 200;

    /** What percent-encoding leaves as it is. */
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private final String name;
    private final List<GraphTask> tasks;
    private final Map<String, Integer> positions;
    private final List<GraphTask> order;
    private final int edges;
    private final int depth;
    private final int width;
    private final double totalRuntimeSeconds;
    private final double criticalPathSeconds;

    private WorkflowGraph(String name, List<GraphTask> tasks, Map<String, Integer> positions, TaskLinks links,
            int[] topological) {
        this.name = name;
        this.tasks = tasks;
        this.positions = positions;
        this.order = Arrays.stream(topological).mapToObj(tasks::get).toList();
        int[] level = new int[tasks.size()];
        double[] finish = new double[tasks.size()];
        for (int task : topological) {
            int above = 0;
            double ready = 0;
            for (int parent : links.parents(task)) {
                above = Math.max(above, level[parent]);
                ready = Math.max(ready, finish[parent]);
            }
            level[task] = above + 1;
            finish[task] = ready + tasks.get(task).runtimeSeconds();
        }
        this.edges = links.edges();
        this.depth = Arrays.stream(level).max().orElse(0);
        int[] perLevel = new int[depth + 1];
        Arrays.stream(level).forEach(l -> perLevel[l]++);
        this.width = Arrays.stream(perLevel).max().orElse(0);
        this.totalRuntimeSeconds = tasks.stream().mapToDouble(GraphTask::runtimeSeconds).sum();
        this.criticalPathSeconds = Arrays.stream(finish).max().orElse(0);
    }

    /**
     * Checks the tasks and makes a graph of them.
     *
     * @param name what people call the workflow; any text
     * @param tasks in any order
     * @throws InvalidInputException if there are no tasks, or naming what is wrong with them, several problems at once
     */
    public static WorkflowGraph of(String name, List<GraphTask> tasks) {
        return checked(name, tasks, new Problems("workflow " + Problems.quote(name)));
    }

    /** As {@link #of}; the problems found are added to those that the caller has found already, and all are thrown. */
    static WorkflowGraph checked(String name, List<GraphTask> tasks, Problems problems) {
        List<GraphTask> copy = List.copyOf(tasks);
        if (copy.isEmpty()) {
            problems.add("it has no tasks; a workflow needs at least one");
        }
        Map<String, Integer> positions = new HashMap<>(copy.size() * 2);
        for (int i = 0; i < copy.size(); i++) {
            GraphTask task = copy.get(i);
            checkTask(task, problems);
            if (positions.putIfAbsent(task.id(), i) != null) {
                problems.add("two tasks have the id " + Problems.quote(task.id()) + "; ids must be unique");
            }
        }
        TaskLinks links = TaskLinks.of(copy, positions, problems);
        int[] topological = links.topologicalOrder();
        if (topological.length < copy.size() && problems.none()) {
            problems.add(links.describeCycle(copy));
        }
        problems.throwIfAny();
        return new WorkflowGraph(name, copy, Map.copyOf(positions), links, topological);
    }

    private static void checkTask(GraphTask task, Problems problems) {
        String id = task.id();
        if (id.isEmpty()) {
            problems.add("a task has an empty id");
        } else if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            problems.add("the id " + Problems.quote(id) + " is not valid text: it has half of a surrogate pair");
        } else if (encodedLength(id) > MAX_ID_BYTES) {
            problems.add("the id " + Problems.quote(id) + " is too long: " + encodedLength(id)
                    + " bytes percent-encoded, at most " + MAX_ID_BYTES);
        }
        double runtime = task.runtimeSeconds();
        if (!Double.isFinite(runtime) || runtime < 0) {
            problems.add("task " + Problems.quote(id) + " has the runtime " + runtime
                    + "; it must be a finite number of seconds, zero or more");
        }
    }

    private static int encodedLength(String id) {
        int length = 0;
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            length += UNRESERVED.indexOf(b) >= 0 ? 1 : 3;
        }
        return length;
    }

    /** What people call the workflow; any text. */
    public String name() {
        return name;
    }

    /** All tasks, in the order in which they were given. */
    public List<GraphTask> tasks() {
        return tasks;
    }

    /** All tasks, each after its parents; the same for the same tasks in the same order. */
    public List<GraphTask> topologicalOrder() {
        return order;
    }

    /**
     * The task of an id.
     *
     * @throws InvalidInputException if there is none
     */
    public GraphTask task(String id) {
        Integer position = positions.get(id);
        if (position == null) {
            throw new InvalidInputException(
                    "workflow " + Problems.quote(name) + " has no task with the id " + Problems.quote(id));
        }
        return tasks.get(position);
    }

    /** Number of distinct pairs of parent and child. */
    public int edges() {
        return edges;
    }

    /** Number of levels; a task's level is one more than the highest of its parents, without parents 1. */
    public int depth() {
        return depth;
    }

    /** The largest number of tasks on one level. */
    public int width() {
        return width;
    }

    /** Sum of all runtimes. */
    public double totalRuntimeSeconds() {
        return totalRuntimeSeconds;
    }

    /** The longest chain by runtime: no number of workers finishes sooner. */
    public double criticalPathSeconds() {
        return criticalPathSeconds;
    }

    @Override
    public String toString() {
        return "WorkflowGraph[" + name + ", " + tasks.size() + " tasks, " + edges + " edges]";
    }
}
