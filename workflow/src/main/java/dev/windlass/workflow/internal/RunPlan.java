package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;

import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;

/**
 * What of a graph is done, ready, or waits. Pure memory; used by the owner's thread only. A completion costs time in
 * proportion to the step's children; ready steps come longest remaining path first, then in the graph's order.
 */
final class RunPlan {
    private enum Phase {
        WAITING, READY, TAKEN, DONE
    }

    private final List<DagStep> steps;
    private final Map<String, Integer> index = new HashMap<>();
    private final int[][] needs;
    private final int[][] children;
    private final int[] open;
    private final int[] height;
    private final Phase[] phases;
    private final Placement[] placements;
    private final Map<Placement, PriorityQueue<Integer>> ready = new EnumMap<>(Placement.class);
    private int done;

    RunPlan(DagDefinition dag, Function<DagStep, Placement> placement) {
        this.steps = dag.steps();
        int size = steps.size();
        for (int i = 0; i < size; i++) {
            index.put(steps.get(i).name(), i);
        }
        needs = new int[size][];
        open = new int[size];
        placements = new Placement[size];
        int[] degree = new int[size];
        for (int i = 0; i < size; i++) {
            List<String> names = steps.get(i).needs();
            needs[i] = new int[names.size()];
            for (int k = 0; k < names.size(); k++) {
                Integer parent = index.get(names.get(k));
                if (parent == null) {
                    throw new IllegalStateException("an unchecked graph: no step " + names.get(k));
                }
                needs[i][k] = parent;
                degree[parent]++;
            }
            open[i] = names.size();
            placements[i] = placement.apply(steps.get(i));
        }
        children = new int[size][];
        for (int i = 0; i < size; i++) {
            children[i] = new int[degree[i]];
        }
        int[] filled = new int[size];
        for (int i = 0; i < size; i++) {
            for (int parent : needs[i]) {
                children[parent][filled[parent]++] = i;
            }
        }
        height = heights(size);
        Comparator<Integer> order = Comparator.<Integer>comparingInt(i -> -height[i]).thenComparingInt(i -> i);
        for (Placement where : Placement.values()) {
            ready.put(where, new PriorityQueue<>(order));
        }
        phases = new Phase[size];
        Arrays.fill(phases, Phase.WAITING);
        for (int i = 0; i < size; i++) {
            if (open[i] == 0) {
                makeReady(i);
            }
        }
    }

    /** The number of steps on the longest way from each step to an end. */
    private int[] heights(int size) {
        int[] heights = new int[size];
        int[] left = new int[size];
        int[] order = new int[size];
        int head = 0;
        int tail = 0;
        for (int i = 0; i < size; i++) {
            left[i] = children[i].length;
            if (left[i] == 0) {
                order[tail++] = i;
            }
        }
        while (head < tail) {
            int step = order[head++];
            for (int parent : needs[step]) {
                heights[parent] = Math.max(heights[parent], heights[step] + 1);
                if (--left[parent] == 0) {
                    order[tail++] = parent;
                }
            }
        }
        return heights;
    }

    int size() {
        return steps.size();
    }

    DagStep step(int i) {
        return steps.get(i);
    }

    /** The index of a name, or -1. */
    int indexOf(String name) {
        return index.getOrDefault(name, -1);
    }

    /** The steps that one needs, in the order in which it names them; not to be changed. */
    int[] needs(int i) {
        return needs[i];
    }

    boolean isSink(int i) {
        return children[i].length == 0;
    }

    Placement placement(int i) {
        return placements[i];
    }

    int done() {
        return done;
    }

    boolean isDone(int i) {
        return phases[i] == Phase.DONE;
    }

    /** The steps that have been begun and have not ended: they run, are out, or wait for their next try. */
    List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < phases.length; i++) {
            if (phases[i] == Phase.TAKEN) {
                open.add(i);
            }
        }
        return open;
    }

    boolean isComplete() {
        return done == steps.size();
    }

    int readyCount(Placement placement) {
        return queue(placement).size();
    }

    boolean hasLocalReady() {
        return !queue(Placement.LOCAL).isEmpty() || !queue(Placement.AUTO).isEmpty();
    }

    /** Takes the most urgent step that the owner may run; -1 if there is none. */
    int takeLocal() {
        Integer bound = queue(Placement.LOCAL).peek();
        Integer free = queue(Placement.AUTO).peek();
        if (bound == null || (free != null && isBefore(free, bound))) {
            return take(Placement.AUTO);
        }
        return take(Placement.LOCAL);
    }

    private boolean isBefore(int a, int b) {
        return height[a] != height[b] ? height[a] > height[b] : a < b;
    }

    /** Takes the most urgent ready step of a placement; -1 if there is none. */
    int take(Placement placement) {
        Integer next = queue(placement).poll();
        if (next == null) {
            return -1;
        }
        phases[next] = Phase.TAKEN;
        return next;
    }

    /** Takes a certain step off the ready ones, when an earlier owner has it out or it waits for its next try. */
    void take(int i) {
        if (phases[i] == Phase.READY) {
            queue(placements[i]).remove(i);
            phases[i] = Phase.TAKEN;
        }
    }

    /** A taken step is ready again. */
    void giveBack(int i) {
        if (phases[i] == Phase.TAKEN) {
            makeReady(i);
        }
    }

    /**
     * A step's outcome is recorded; if it is a success, its children may be ready now.
     *
     * @return false if it was known
     */
    boolean recorded(int i, boolean succeeded) {
        if (phases[i] == Phase.DONE) {
            return false;
        }
        if (phases[i] == Phase.READY) {
            queue(placements[i]).remove(i);
        }
        phases[i] = Phase.DONE;
        done++;
        if (succeeded) {
            for (int child : children[i]) {
                if (--open[child] == 0 && phases[child] == Phase.WAITING) {
                    makeReady(child);
                }
            }
        }
        return true;
    }

    private void makeReady(int i) {
        phases[i] = Phase.READY;
        queue(placements[i]).add(i);
    }

    private PriorityQueue<Integer> queue(Placement placement) {
        PriorityQueue<Integer> queue = ready.get(placement);
        if (queue == null) {
            throw new IllegalStateException("no queue for " + placement);
        }
        return queue;
    }
}
