package dev.windlass.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes on beside the caller, who will come back for its result.
 *
 * @param <T> the result
 */
public final class Fork<T extends @Nullable Object> {
    private final Monitor monitor;
    private boolean done;
    private @Nullable T result;
    private @Nullable Throwable failure;

    private Fork(Environment environment) {
        this.monitor = environment.newMonitor();
    }

    /** Starts it on a strand of its own. */
    public static <T extends @Nullable Object> Fork<T> start(Environment environment, String name, Supplier<T> body) {
        var fork = new Fork<T>(environment);
        environment.start(name, () -> fork.run(body));
        return fork;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the joiner gets it
    private void run(Supplier<T> body) {
        T value = null;
        Throwable thrown = null;
        try {
            value = body.get();
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        monitor.lock();
        try {
            result = value;
            failure = thrown;
            done = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /**
     * Waits for the result, also if the waiting thread is interrupted, which then stays interrupted. Throws what the body
     * threw.
     */
    @SuppressWarnings("NullAway") // T may be nullable itself
    public T join() {
        boolean interrupted = false;
        monitor.lock();
        try {
            while (!done) {
                try {
                    monitor.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            monitor.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return result;
    }

    /**
     * Does something for each item, several at once, and returns when all are done. Throws the first failure, after all
     * are done.
     *
     * @param limit how many at once, at most
     */
    public static <T> void forEach(Environment environment, String name, Collection<? extends T> items, int limit,
            Consumer<? super T> body) {
        if (items.size() == 1 || limit == 1) {
            items.forEach(body);
            return;
        }
        Deque<T> left = new ArrayDeque<>(items);
        Monitor monitor = environment.newMonitor();
        var forks = new ArrayList<Fork<@Nullable Void>>();
        for (int i = 0; i < Math.min(limit, items.size()); i++) {
            forks.add(start(environment, name, () -> {
                while (true) {
                    T item;
                    monitor.lock();
                    try {
                        if (left.isEmpty()) {
                            return null;
                        }
                        item = left.remove();
                    } finally {
                        monitor.unlock();
                    }
                    body.accept(item);
                }
            }));
        }
        joinAll(forks);
    }

    private static void joinAll(List<Fork<@Nullable Void>> forks) {
        RuntimeException first = null;
        for (Fork<@Nullable Void> fork : forks) {
            try {
                fork.join();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
