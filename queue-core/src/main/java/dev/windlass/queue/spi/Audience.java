package dev.windlass.queue.spi;

import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners of one kind, told in the order in which they were given. What one throws is nobody else's matter: it is
 * logged, and neither the next listener nor the work that is told of sees it. Takes no lock, and waits for nothing but
 * the listeners. Safe for use by several threads, as far as its listeners are.
 *
 * @param <L> the kind
 */
public final class Audience<L> {
    private static final Logger LOG = LoggerFactory.getLogger(Audience.class);

    private final String kind;
    private final List<L> all;

    /**
     * An audience that does not change.
     *
     * @param kind what a log line calls one of them, such as {@code observer}
     * @param all those to tell, may be none
     */
    public Audience(String kind, List<? extends L> all) {
        this.kind = kind;
        this.all = List.copyOf(all);
    }

    /** Whether nobody listens: what must be worked out for listeners only need not be. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Those that also listen in another way.
     *
     * @param <T> the type asked for
     * @param type its class
     * @return in the order given
     */
    public <T> List<T> ofType(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /**
     * Tells each of them. Errors of memory and the like are not held back.
     *
     * @param call what to call
     */
    public void tell(Consumer<? super L> call) {
        for (L listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn("the {} {} failed; the work goes on", kind, listener.getClass().getName(), e);
            }
        }
    }
}
