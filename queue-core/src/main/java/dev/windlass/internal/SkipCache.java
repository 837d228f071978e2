package dev.windlass.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/** Ready keys that cannot be claimed for now, so that they hold up nobody: each until a time, at most some thousands. */
final class SkipCache {
    private final Environment environment;
    private final Monitor monitor;
    private final Map<String, Long> until;

    SkipCache(Environment environment, int limit) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        this.until = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > limit;
            }
        };
    }

    void skip(String key, Duration time) {
        monitor.lock();
        try {
            until.remove(key); // to the end of the order
            until.put(key, environment.nanoTime() + time.toNanos());
        } finally {
            monitor.unlock();
        }
    }

    void forget(String key) {
        monitor.lock();
        try {
            until.remove(key);
        } finally {
            monitor.unlock();
        }
    }

    boolean isSkipped(String key) {
        monitor.lock();
        try {
            Long end = until.get(key);
            if (end == null) {
                return false;
            }
            if (environment.nanoTime() - end < 0) {
                return true;
            }
            until.remove(key);
            return false;
        } finally {
            monitor.unlock();
        }
    }
}
