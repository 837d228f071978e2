package dev.windlass.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * In which order the queues of a lane are asked for tasks. Of equal weights, by turns. Otherwise by start-time fair
 * queueing: each queue has a time that advances by what was taken from it, divided by its weight, and the one that is the
 * least advanced comes first; one that had nothing meanwhile does not save up turns. Used by one poller only.
 */
final class Turns {
    private final List<Integer> weights;
    private final boolean equal;
    private final double[] times;
    private double now;
    private int next;

    /** @param weights of the queues, by their order; 1 or more */
    Turns(List<Integer> weights) {
        this.weights = List.copyOf(weights);
        this.equal = weights.stream().distinct().count() <= 1;
        this.times = new double[weights.size()];
    }

    /** The indices of the queues, first to ask first. */
    List<Integer> order() {
        int size = weights.size();
        var order = new ArrayList<Integer>(size);
        for (int i = 0; i < size; i++) {
            order.add((next + i) % size);
        }
        if (!equal) {
            order.sort(Comparator.comparingDouble(this::start).thenComparingInt(Integer::intValue));
        }
        return order;
    }

    private double start(int index) {
        return Math.max(times[index], now);
    }

    /** Candidates were taken from a queue. */
    void served(int index, int count) {
        now = start(index);
        times[index] = now + (double) count / weights.get(index);
        next = (index + 1) % weights.size();
    }
}
