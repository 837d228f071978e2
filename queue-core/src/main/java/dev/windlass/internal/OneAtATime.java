package dev.windlass.internal;

import java.util.function.Predicate;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;

/** A caller's predicate, which is asked of tasks that several strands read, and may count or collect what it sees. */
final class OneAtATime<T> {
    private final Predicate<T> wanted;
    private final Monitor monitor;

    OneAtATime(Environment environment, Predicate<T> wanted) {
        this.wanted = wanted;
        this.monitor = environment.newMonitor();
    }

    boolean test(T value) {
        monitor.lock();
        try {
            return wanted.test(value);
        } finally {
            monitor.unlock();
        }
    }
}
