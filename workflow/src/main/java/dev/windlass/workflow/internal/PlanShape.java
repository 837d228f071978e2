package dev.windlass.workflow.internal;

import java.util.List;
import java.util.function.ToIntFunction;

import dev.windlass.workflow.DagStep;

/**
 * How the steps of a graph hang together, by index. Made in time linear in the size of the graph; the arrays are the
 * caller's.
 *
 * @param needs the steps that each one needs, in the order in which it names them; -1 for the run's input
 * @param children the steps that need each one
 * @param open how many steps each one needs
 * @param heights the number of steps on the longest way from each one to an end
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record PlanShape(int[][] needs, int[][] children, int[] open, int[] heights) {

    /**
     * Of a graph.
     *
     * @param steps its steps
     * @param index the index of a need, or -1
     */
    static PlanShape of(List<DagStep> steps, ToIntFunction<String> index) {
        int size = steps.size();
        int[][] needs = new int[size][];
        int[] open = new int[size];
        int[] degree = new int[size];
        for (int i = 0; i < size; i++) {
            needs[i] = steps.get(i).needs().stream().mapToInt(index).toArray();
            for (int parent : needs[i]) {
                if (parent >= 0) {
                    degree[parent]++;
                    open[i]++;
                }
            }
        }
        int[][] children = new int[size][];
        for (int i = 0; i < size; i++) {
            children[i] = new int[degree[i]];
        }
        int[] filled = new int[size];
        for (int i = 0; i < size; i++) {
            for (int parent : needs[i]) {
                if (parent >= 0) {
                    children[parent][filled[parent]++] = i;
                }
            }
        }
        return new PlanShape(needs, children, open, heights(needs, children));
    }

    private static int[] heights(int[][] needs, int[][] children) {
        int size = needs.length;
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
                if (parent >= 0) {
                    heights[parent] = Math.max(heights[parent], heights[step] + 1);
                    if (--left[parent] == 0) {
                        order[tail++] = parent;
                    }
                }
            }
        }
        return heights;
    }
}
