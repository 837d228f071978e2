package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.windlass.cli.Problems;

/** Who waits for whom, by the tasks' positions in their list. Immutable once made. */
final class TaskLinks {
    private static final int CYCLE_SHOWN = 12;

    private final int[][] parents;
    private final int edges;

    private TaskLinks(int[][] parents) {
        this.parents = parents;
        this.edges = Arrays.stream(parents).mapToInt(p -> p.length).sum();
    }

    /** Resolves the parents' ids; unknown parents and tasks that wait for themselves become problems and are left out. */
    static TaskLinks of(List<GraphTask> tasks, Map<String, Integer> positions, Problems problems) {
        int[][] parents = new int[tasks.size()][];
        for (int i = 0; i < parents.length; i++) {
            GraphTask task = tasks.get(i);
            int[] resolved = new int[task.parents().size()];
            int count = 0;
            for (String parent : task.parents()) {
                Integer position = positions.get(parent);
                if (position == null) {
                    problems.add("task " + Problems.quote(task.id()) + " has the parent " + Problems.quote(parent)
                            + ", which is no task of this workflow");
                } else if (parent.equals(task.id())) {
                    problems.add("task " + Problems.quote(task.id()) + " has itself as a parent");
                } else {
                    resolved[count++] = position;
                }
            }
            parents[i] = Arrays.copyOf(resolved, count);
        }
        return new TaskLinks(parents);
    }

    /** The parents' positions, in the byte order of their ids. */
    int[] parents(int task) {
        return parents[task];
    }

    int edges() {
        return edges;
    }

    /** Positions, parents first. Tasks on a cycle and all that wait for one are missing from it. */
    int[] topologicalOrder() {
        int[][] children = children();
        int[] waitsFor = new int[parents.length];
        int[] order = new int[parents.length];
        int found = 0;
        for (int i = 0; i < parents.length; i++) {
            waitsFor[i] = parents[i].length;
            if (waitsFor[i] == 0) {
                order[found++] = i;
            }
        }
        for (int next = 0; next < found; next++) {
            for (int child : children[order[next]]) {
                if (--waitsFor[child] == 0) {
                    order[found++] = child;
                }
            }
        }
        return Arrays.copyOf(order, found);
    }

    private int[][] children() {
        int[] count = new int[parents.length];
        for (int[] ofTask : parents) {
            for (int parent : ofTask) {
                count[parent]++;
            }
        }
        int[][] children = new int[parents.length][];
        for (int i = 0; i < count.length; i++) {
            children[i] = new int[count[i]];
        }
        for (int child = parents.length - 1; child >= 0; child--) {
            for (int parent : parents[child]) {
                children[parent][--count[parent]] = child;
            }
        }
        return children;
    }

    /** One cycle in words, from parent to child; there must be one. */
    String describeCycle(List<GraphTask> tasks) {
        List<String> ids = new ArrayList<>();
        for (int position : cycle()) {
            ids.add(Problems.quote(tasks.get(position).id()));
        }
        int length = ids.size();
        if (length > CYCLE_SHOWN) {
            ids = new ArrayList<>(ids.subList(0, CYCLE_SHOWN));
            ids.add("… (" + (length - CYCLE_SHOWN) + " more)");
        }
        ids.add(ids.getFirst());
        return "the tasks wait for each other in a cycle: " + String.join(" → ", ids);
    }

    private List<Integer> cycle() {
        boolean[] free = new boolean[parents.length];
        for (int position : topologicalOrder()) {
            free[position] = true;
        }
        int at = 0;
        while (free[at]) {
            at++;
        }
        // Whatever is not free has a parent that is not free either, so this walk upwards must meet itself.
        int[] seenAs = new int[parents.length];
        List<Integer> walk = new ArrayList<>();
        while (seenAs[at] == 0) {
            walk.add(at);
            seenAs[at] = walk.size();
            at = Arrays.stream(parents[at]).filter(parent -> !free[parent]).findFirst().orElseThrow();
        }
        List<Integer> upwards = walk.subList(seenAs[at] - 1, walk.size());
        return upwards.reversed();
    }
}
