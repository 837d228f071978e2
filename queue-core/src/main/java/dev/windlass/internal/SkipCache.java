package dev.windlass.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/**
 * Ready keys that cannot be claimed for now, so that they hold up nobody: each until a time, at most some thousands. Those
 * whose time is over are dropped now and then, since most keys are never asked for again.
 */
final class SkipCache {
    private static final Duration TIDIED = Duration.ofSeconds(5);

    private final Environment environment;
    private final Monitor monitor;
    private final Map<String, Long> until;
    private long tidied;

    SkipCache(Environment environment, int limit) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        this.tidied = environment.nanoTime();
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
            long now = environment.nanoTime();
            if (now - tidied > TIDIED.toNanos()) {
                tidied = now;
                until.values().removeIf(end -> now - end >= 0);
            }
            until.remove(key); // to the end of the order
            until.put(key, now + time.toNanos());
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

    /** Forgets all of them. */
    void clear() {
        monitor.lock();
        try {
            until.clear();
        } finally {
            monitor.unlock();
        }
    }

    /** How many keys it holds, those included whose time is over and that are not dropped yet. */
    int size() {
        monitor.lock();
        try {
            return until.size();
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
