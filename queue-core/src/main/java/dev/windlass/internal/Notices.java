package dev.windlass.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/**
 * What happened in this connection, told at once to those who would otherwise find it by polling: a task that can be
 * claimed, a task that has ended. A hint only: nothing depends on it.
 */
final class Notices {
    private final Monitor monitor;
    private final Map<String, List<Consumer<ReadyKey>>> arrivals = new HashMap<>();
    private final Map<String, Integer> awaited = new HashMap<>();
    private long endings;

    Notices(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    void onArrival(String queue, Consumer<ReadyKey> listener) {
        monitor.lock();
        try {
            arrivals.computeIfAbsent(queue, q -> new ArrayList<>()).add(listener);
        } finally {
            monitor.unlock();
        }
    }

    void removeArrivalListener(String queue, Consumer<ReadyKey> listener) {
        monitor.lock();
        try {
            List<Consumer<ReadyKey>> listeners = arrivals.get(queue);
            if (listeners != null) {
                listeners.remove(listener);
            }
        } finally {
            monitor.unlock();
        }
    }

    void arrived(String queue, String readyKey) {
        List<Consumer<ReadyKey>> listeners;
        monitor.lock();
        try {
            listeners = List.copyOf(arrivals.getOrDefault(queue, List.of()));
        } finally {
            monitor.unlock();
        }
        if (!listeners.isEmpty()) {
            ReadyKey key = ReadyKey.parse(readyKey);
            if (key != null) {
                listeners.forEach(listener -> listener.accept(key));
            }
        }
    }

    void ended(String taskId) {
        monitor.lock();
        try {
            if (awaited.containsKey(taskId)) {
                endings++;
                monitor.signalAll();
            }
        } finally {
            monitor.unlock();
        }
    }

    /** Says that somebody waits for the end of a task, until {@link #forget}. */
    void await(String taskId) {
        monitor.lock();
        try {
            awaited.merge(taskId, 1, Integer::sum);
        } finally {
            monitor.unlock();
        }
    }

    void forget(String taskId) {
        monitor.lock();
        try {
            awaited.computeIfPresent(taskId, (id, count) -> count == 1 ? null : count - 1);
        } finally {
            monitor.unlock();
        }
    }

    /** How many awaited tasks have ended; to be read before looking at a task, and given to {@link #sleep}. */
    long endings() {
        monitor.lock();
        try {
            return endings;
        } finally {
            monitor.unlock();
        }
    }

    /** Sleeps until an awaited task ends, or the time is over. */
    void sleep(long seen, Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            if (endings == seen) {
                monitor.await(limit);
            }
        } finally {
            monitor.unlock();
        }
    }
}
