package dev.windlass.workflow.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Strand;
import org.jspecify.annotations.Nullable;

/** Does something for each item, several at once. */
public final class Fanout {
    private Fanout() {
    }

    /**
     * Returns when all are done; the first failure is thrown, and what has not begun by then is left out.
     *
     * @param width how many at once at most
     */
    public static <T> void forEach(Environment environment, String name, int width, List<T> items, Consumer<T> body)
            throws InterruptedException {
        if (items.size() == 1) {
            body.accept(items.get(0));
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        List<Strand> strands = new ArrayList<>();
        for (int i = 0; i < Math.min(width, items.size()); i++) {
            strands.add(environment.start(name, () -> {
                for (int at = next.getAndIncrement(); at < items.size() && failure.get() == null; at = next
                        .getAndIncrement()) {
                    try {
                        body.accept(items.get(at));
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    }
                }
            }));
        }
        for (Strand strand : strands) {
            strand.join();
        }
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
