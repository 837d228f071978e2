package dev.windlass.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.ProcessName;
import dev.windlass.environment.Strand;

/**
 * The real environment, with a count of the threads that it has started and that have not ended. All threads of the queue
 * are started through its environment, so none escapes the count, as virtual threads escape the virtual machine's own.
 */
public final class CountedStrands implements Environment {
    private final Environment system = Environment.system();
    private final AtomicInteger live = new AtomicInteger();

    /** How many threads are alive. */
    public int live() {
        return live.get();
    }

    @Override
    public Strand start(String name, Runnable body) {
        live.incrementAndGet();
        return system.start(name, () -> {
            try {
                body.run();
            } finally {
                live.decrementAndGet();
            }
        });
    }

    @Override
    public Instant wallTime() {
        return system.wallTime();
    }

    @Override
    public long nanoTime() {
        return system.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        system.sleep(duration);
    }

    @Override
    public Strand current() {
        return system.current();
    }

    @Override
    public Monitor newMonitor() {
        return system.newMonitor();
    }

    @Override
    public RandomGenerator random() {
        return system.random();
    }

    @Override
    public ProcessName process() {
        return system.process();
    }
}
