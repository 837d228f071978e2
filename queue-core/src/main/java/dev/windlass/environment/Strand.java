package dev.windlass.environment;

import java.time.Duration;

/** A thread, as an {@link Environment} started it or was called by it. Safe for use by any number of threads. */
public interface Strand {

    /**
     * Waits until it has ended.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    void join() throws InterruptedException;

    /**
     * Waits until it has ended, but not for ever.
     *
     * @param limit how long at most; zero or less does not wait
     * @return whether it has ended
     * @throws InterruptedException if the waiting thread is interrupted
     */
    boolean join(Duration limit) throws InterruptedException;

    /** Interrupts it, as {@link Thread#interrupt()} does. */
    void interrupt();

    /** Whether it has not ended yet. */
    boolean isAlive();
}
