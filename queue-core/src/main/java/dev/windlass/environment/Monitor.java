package dev.windlass.environment;

import java.time.Duration;

/**
 * A lock with one waiting room. Held for short stretches of memory work only: whoever holds it makes no request, sleeps
 * not, and starts nothing that waits for it.
 *
 * <pre>{@code
 * monitor.lock();
 * try {
 *     while (queue.isEmpty()) {
 *         monitor.await();
 *     }
 *     return queue.remove();
 * } finally {
 *     monitor.unlock();
 * }
 * }</pre>
 */
public interface Monitor {

    /** Takes the lock, waiting for it as long as it takes; not interruptible. Reentrant. */
    void lock();

    /** Gives the lock back. */
    void unlock();

    /**
     * Gives the lock back, waits for {@link #signalAll()}, and takes it again. Wakes without a signal are possible: wait
     * in a loop.
     *
     * @throws InterruptedException if the thread is interrupted; the lock is held again
     */
    void await() throws InterruptedException;

    /**
     * The same, but not for ever.
     *
     * @param limit how long at most; zero or less returns at once
     * @return false if the time was over before a signal came
     * @throws InterruptedException if the thread is interrupted; the lock is held again
     */
    boolean await(Duration limit) throws InterruptedException;

    /** Wakes all who wait. The lock must be held. */
    void signalAll();
}
