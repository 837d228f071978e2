package dev.windlass.queue;

/**
 * Told of what one worker does; given to {@link Worker.Builder#listener}. Of a whole connection, with its requests and
 * claims, an {@link dev.windlass.observer.Observer} is told. Tasks of engines, such as workflows, are left out.
 *
 * <p>Called on the thread that does the work, by any number of threads at once; a slot stays taken meanwhile. What it throws
 * is logged and ignored: it changes nothing about the task. Best effort: a process that is killed tells nobody. Every method
 * does nothing unless overridden.
 */
public interface WorkerListener {

    /**
     * The worker has started, and begins to claim. Called before {@link Worker.Builder#start} returns.
     *
     * @param workerId the worker
     */
    default void started(String workerId) {
    }

    /**
     * The worker has drained: it holds nothing any more. Called once, before {@link Worker#drain} returns.
     *
     * @param workerId the worker
     * @param stats what it has done
     */
    default void stopped(String workerId, WorkerStats stats) {
    }

    /**
     * An attempt has completed its task; that is recorded.
     *
     * @param task about the task
     */
    default void succeeded(TaskContext task) {
    }

    /**
     * An attempt has failed or timed out; that is recorded. Not told of one whose task is cancelled by that.
     *
     * @param task about the task
     * @param error why
     * @param again whether the task will be tried again; false if it has ended
     */
    default void failed(TaskContext task, TaskError error, boolean again) {
    }

    /**
     * An attempt has lost its lease: its handler is interrupted if it still runs, and what it gives does not count any more,
     * since the task runs again elsewhere. Called once for an attempt.
     *
     * @param task about the task
     */
    default void leaseLost(TaskContext task) {
    }
}
