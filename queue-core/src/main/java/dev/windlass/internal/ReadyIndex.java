package dev.windlass.internal;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts and deletes the keys below {@code ready/}. A ready key is put before the state that it announces, and deleted only
 * by one who knows that no body names it, nor ever will. Deletes are off the critical path: a few strands work them off;
 * one that fails leaves a key that the next poller recognises as garbage.
 */
final class ReadyIndex {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyIndex.class);
    private static final byte[] EMPTY = {};
    private static final int DELETERS = 16;
    private static final int BACKLOG = 10_000;

    private final DefaultDocuments documents;
    private final Environment environment;
    private final Monitor monitor;
    private final Deque<String> doomed = new ArrayDeque<>();
    private int deleters;

    ReadyIndex(DefaultDocuments documents, Environment environment) {
        this.documents = documents;
        this.environment = environment;
        this.monitor = environment.newMonitor();
    }

    /** Puts a key; it has landed on return. */
    void add(String readyKey) {
        documents.put(readyKey, EMPTY);
    }

    /** Deletes a key, or another entry of an index, soon. The caller knows that no body names it, nor ever will. */
    void removeSoon(String readyKey) {
        boolean start;
        monitor.lock();
        try {
            if (doomed.size() >= BACKLOG) {
                return; // garbage for pollers to find
            }
            doomed.add(readyKey);
            start = deleters < DELETERS;
            if (start) {
                deleters++;
            }
        } finally {
            monitor.unlock();
        }
        if (start) {
            environment.start("windlass-ready-delete", this::deleteAll);
        }
    }

    /** Waits until all deletes that were asked for are done or given up. */
    void flush() throws InterruptedException {
        monitor.lock();
        try {
            while (deleters > 0) {
                monitor.await();
            }
        } finally {
            monitor.unlock();
        }
    }

    private void deleteAll() {
        while (true) {
            String key;
            monitor.lock();
            try {
                if (doomed.isEmpty()) {
                    deleters--;
                    monitor.signalAll();
                    return;
                }
                key = doomed.remove();
            } finally {
                monitor.unlock();
            }
            try {
                documents.store().delete(key);
            } catch (StoreUnavailableException e) {
                try (var context = LogContext.task(Keys.taskOf(key), Keys.queueOf(key))) {
                    LOG.debug("ready key {} is left for a poller to remove: {}", key, e.getMessage());
                }
            } catch (RuntimeException e) {
                try (var context = LogContext.task(Keys.taskOf(key), Keys.queueOf(key))) {
                    LOG.warn("ready key {} could not be deleted: {}", key, e.getMessage());
                }
            }
        }
    }
}
