package dev.windlass.python.internal;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import org.jspecify.annotations.Nullable;

/** Many requests at once, up to a bound. */
final class Bulk {
    private static final int PARALLEL = 128;

    private final Environment environment;
    private final Monitor monitor;
    private int next;
    private @Nullable RuntimeException failure;

    Bulk(Environment environment) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
    }

    /** One of many. */
    @FunctionalInterface
    interface Job<T> {
        /** @return its result; null is left out */
        @Nullable
        T run();
    }

    /**
     * Runs all, and waits for them. After a failure no further one is begun, and the first failure is thrown.
     *
     * @return the results, in order
     */
    <T> List<T> run(String name, List<Job<T>> jobs) throws InterruptedException {
        var results = new ArrayList<@Nullable T>();
        jobs.forEach(job -> results.add(null));
        var strands = new ArrayList<Strand>();
        for (int i = 0; i < Math.min(PARALLEL, jobs.size()); i++) {
            strands.add(environment.start(name, () -> work(jobs, results)));
        }
        try {
            for (Strand strand : strands) {
                strand.join();
            }
        } catch (InterruptedException e) {
            strands.forEach(Strand::interrupt);
            throw e;
        }
        if (failure != null) {
            throw failure;
        }
        var all = new ArrayList<T>();
        for (T result : results) {
            if (result != null) {
                all.add(result);
            }
        }
        return all;
    }

    private <T> void work(List<Job<T>> jobs, List<@Nullable T> results) {
        for (int i = take(jobs.size()); i >= 0; i = take(jobs.size())) {
            T result = null;
            RuntimeException thrown = null;
            try {
                result = jobs.get(i).run();
            } catch (RuntimeException e) {
                thrown = e;
            }
            monitor.lock();
            try {
                results.set(i, result);
                if (failure == null) {
                    failure = thrown;
                }
            } finally {
                monitor.unlock();
            }
        }
    }

    private int take(int size) {
        monitor.lock();
        try {
            return failure == null && next < size ? next++ : -1;
        } finally {
            monitor.unlock();
        }
    }
}
