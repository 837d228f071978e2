package dev.windlass.schedule;

/**
 * Fires schedules, until it is closed. Any number of them may run on one store, and one of them works: it holds the
 * scheduler's lease, and if it dies, another takes it over. Who fires makes no difference to what is fired. Safe for use by
 * any number of threads.
 */
public interface Scheduler extends AutoCloseable {

    /** Its id: the worker's, if it runs beside one. */
    String id();

    /** Whether it is the one that fires, as far as it knows. */
    boolean isHolding();

    /** How many firings it has carried out. */
    long fired();

    /** Fires nothing more, and gives the lease up, so that another one goes on within a look. A second call does nothing. */
    @Override
    void close();
}
