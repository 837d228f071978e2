package dev.windlass.internal;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs things at their time, on one strand: the time-outs of a worker's attempts. They must be quick. */
final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);

    private final Environment environment;
    private final Monitor monitor;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.comparingLong(Entry::at).thenComparingLong(Entry::number));
    private long numbers;
    private boolean stopped;

    /** Something to do at a time. */
    record Entry(long at, long number, Runnable action) {}

    Deadlines(Environment environment, String name) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        environment.start(name, this::run);
    }

    Entry add(Duration in, Runnable action) {
        monitor.lock();
        try {
            var entry = new Entry(environment.nanoTime() + in.toNanos(), numbers++, action);
            entries.add(entry);
            monitor.signalAll();
            return entry;
        } finally {
            monitor.unlock();
        }
    }

    void remove(Entry entry) {
        monitor.lock();
        try {
            entries.remove(entry);
        } finally {
            monitor.unlock();
        }
    }

    void stop() {
        monitor.lock();
        try {
            stopped = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private void run() {
        while (true) {
            Entry due = null;
            monitor.lock();
            try {
                if (stopped) {
                    return;
                }
                Entry first = entries.peek();
                if (first == null) {
                    monitor.await();
                } else {
                    long left = first.at() - environment.nanoTime();
                    if (left > 0) {
                        monitor.await(Duration.ofNanos(left));
                    } else {
                        due = entries.remove();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                monitor.unlock();
            }
            if (due != null) {
                try {
                    due.action().run();
                } catch (RuntimeException e) {
                    LOG.error("what was to be done at a deadline failed", e); // the others' deadlines still count
                }
            }
        }
    }
}
