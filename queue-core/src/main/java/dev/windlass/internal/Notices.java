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
    private final Environment environment;
    private final Monitor monitor;
    private final Map<String, List<Consumer<ReadyKey>>> arrivals = new HashMap<>();
    private final Map<String, Ending> awaited = new HashMap<>();

    Notices(Environment environment) {
        this.environment = environment;
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
        Ending ending;
        monitor.lock();
        try {
            ending = awaited.get(taskId);
        } finally {
            monitor.unlock();
        }
        if (ending != null) {
            ending.happened();
        }
    }

    /** Says that somebody waits for the end of a task, until {@link #forget}. */
    Ending await(String taskId) {
        monitor.lock();
        try {
            Ending ending = awaited.computeIfAbsent(taskId, id -> new Ending(environment.newMonitor()));
            ending.waiters++;
            return ending;
        } finally {
            monitor.unlock();
        }
    }

    void forget(String taskId) {
        monitor.lock();
        try {
            awaited.computeIfPresent(taskId, (id, ending) -> --ending.waiters == 0 ? null : ending);
        } finally {
            monitor.unlock();
        }
    }

    /**
     * The end of one task, which somebody waits for. Each task has its own, so that nobody looks at his task because
     * another one has ended.
     */
    static final class Ending {
        private final Monitor monitor;
        private long times;
        private int waiters; // guarded by the monitor of the notices

        private Ending(Monitor monitor) {
            this.monitor = monitor;
        }

        private void happened() {
            monitor.lock();
            try {
                times++;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }

        /** How often it was told; to be read before looking at the task, and given to {@link #sleep}. */
        long times() {
            monitor.lock();
            try {
                return times;
            } finally {
                monitor.unlock();
            }
        }

        /** Sleeps until it is told again, or the time is over. */
        void sleep(long seen, Duration limit) throws InterruptedException {
            monitor.lock();
            try {
                if (times == seen) {
                    monitor.await(limit);
                }
            } finally {
                monitor.unlock();
            }
        }
    }
}
