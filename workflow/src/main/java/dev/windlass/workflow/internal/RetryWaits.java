package dev.windlass.workflow.internal;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/** Failed tries of open steps, and when the next is due. Pure memory; used by the owner's thread only. */
final class RetryWaits {
    /** A step that waits, until a time of the monotonic clock. */
    record Wait(int step, long dueNanos) {}

    private final Map<Integer, Integer> failures = new LinkedHashMap<>();
    private final PriorityQueue<Wait> waits = new PriorityQueue<>(
            Comparator.comparingLong(Wait::dueNanos).thenComparingInt(Wait::step));

    /** How many tries of a step have failed. */
    int failures(int step) {
        return failures.getOrDefault(step, 0);
    }

    void add(int step, int failed, long dueNanos) {
        failures.put(step, failed);
        waits.add(new Wait(step, dueNanos));
    }

    void done(int step) {
        if (failures.remove(step) != null) {
            waits.removeIf(wait -> wait.step() == step);
        }
    }

    /** The next step whose wait is over, taken off; null if there is none. */
    @Nullable
    Integer pollDue(long now) {
        Wait next = waits.peek();
        if (next == null || next.dueNanos() - now > 0) {
            return null;
        }
        waits.remove();
        return next.step();
    }

    @Nullable
    Long nextDue() {
        Wait next = waits.peek();
        return next == null ? null : next.dueNanos();
    }

    boolean isEmpty() {
        return waits.isEmpty();
    }

    /** All waits, for handing the run over: when each is due. */
    Map<Integer, Long> all() {
        Map<Integer, Long> all = new LinkedHashMap<>();
        waits.stream().sorted(Comparator.comparingInt(Wait::step))
                .forEach(wait -> all.put(wait.step(), wait.dueNanos()));
        return all;
    }
}
