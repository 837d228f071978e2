package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/** What waits for a run's owner to be dealt with. Safe for use by any number of threads. */
final class RunInbox {
    private final Monitor monitor;
    private List<RunEvent> events = new ArrayList<>();
    private boolean open = true;

    RunInbox(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    /** Hands an event over; false if the owner takes none any more. */
    boolean post(RunEvent event) {
        monitor.lock();
        try {
            if (open) {
                events.add(event);
                monitor.signalAll();
            }
            return open;
        } finally {
            monitor.unlock();
        }
    }

    /** Everything that has come in; waits for something up to a limit. */
    List<RunEvent> take(Duration limit) throws InterruptedException {
        monitor.lock();
        try {
            if (events.isEmpty()) {
                boolean signalled = monitor.await(limit);
                if (!signalled && events.isEmpty()) {
                    return List.of();
                }
            }
            List<RunEvent> taken = events;
            events = new ArrayList<>();
            return taken;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether everything that has come in was taken. */
    boolean isEmpty() {
        monitor.lock();
        try {
            return events.isEmpty();
        } finally {
            monitor.unlock();
        }
    }

    /** Takes no more events, if none waits: what comes from now on must find another way. */
    boolean closeIfEmpty() {
        monitor.lock();
        try {
            if (events.isEmpty()) {
                open = false;
            }
            return !open;
        } finally {
            monitor.unlock();
        }
    }

    void open() {
        monitor.lock();
        try {
            open = true;
        } finally {
            monitor.unlock();
        }
    }

    void close() {
        monitor.lock();
        try {
            open = false;
        } finally {
            monitor.unlock();
        }
    }
}
