package dev.windlass.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Time, sleep, threads, waiting and randomness, for all code of Windlass. Production code asks nobody else for them:
 * {@link #system()} is the real one, and the simulator has one that a seed decides.
 *
 * <p>Safe for use by any number of threads.
 */
public interface Environment {

    /** The real one: the system's clocks, virtual threads, secure enough randomness for ids. */
    static Environment system() {
        return SystemEnvironment.INSTANCE;
    }

    /**
     * The host's wall clock. For people (logs) and for the time part of ids only: it may be wrong by any amount, so
     * nothing of the protocol compares it with anything.
     */
    Instant wallTime();

    /** A monotonic clock in nanoseconds, with an arbitrary origin; only differences mean something. */
    long nanoTime();

    /**
     * Blocks the calling thread for a while.
     *
     * @param duration zero or less returns at once
     * @throws InterruptedException if the thread is interrupted before or while it sleeps
     */
    void sleep(Duration duration) throws InterruptedException;

    /**
     * Starts a thread, a virtual one in production.
     *
     * @param name for logs and thread dumps
     * @param body what it runs; an exception that leaves it is logged and ends the thread only
     */
    Strand start(String name, Runnable body);

    /** The calling thread, for another one that will want to interrupt it. */
    Strand current();

    /** A new lock with one waiting room. */
    Monitor newMonitor();

    /** Randomness for ids, jitter and choices; shared, and safe for use by any number of threads. */
    RandomGenerator random();

    /** What process this is. */
    ProcessName process();
}
