package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.environment.Strand;

/** A monotonic clock to set; all else is the system's. */
final class ManualTime implements Environment {
    private long nanos = 77;

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant wallTime() {
        return Environment.system().wallTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Environment.system().sleep(duration);
    }

    @Override
    public Strand start(String name, Runnable body) {
        return Environment.system().start(name, body);
    }

    @Override
    public Strand current() {
        return Environment.system().current();
    }

    @Override
    public Monitor newMonitor() {
        return Environment.system().newMonitor();
    }

    @Override
    public RandomGenerator random() {
        return Environment.system().random();
    }

    @Override
    public ProcessName process() {
        return Environment.system().process();
    }
}
