package dev.windlass.workflow;

/**
 * What a durable function has asked for and need not wait for yet. For the function's thread only.
 *
 * @param <T> the result
 */
public interface Promise<T> {

    /**
     * Waits for the end, which may be in another process, after this one is gone.
     *
     * @return the result; null if there is none
     * @throws StepFailedException if it failed for good
     * @throws SignalTimeoutException if a signal did not come in time
     */
    T get();

    /** The name under which it is recorded. */
    String name();
}
