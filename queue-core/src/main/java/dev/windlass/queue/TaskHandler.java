package dev.windlass.queue;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of one kind of task. Called on a virtual thread of its own, by as many at once as the worker's
 * concurrency allows.
 *
 * @param <I> the input
 * @param <O> the result
 */
@FunctionalInterface
public interface TaskHandler<I, O extends @Nullable Object> {

    /**
     * Works on one task.
     *
     * @param task about the task
     * @param input its input
     * @return its result, encoded as JSON and stored with the task
     * @throws Exception to be tried again as the retry policy says; {@link PermanentFailure} to fail at once;
     *             {@link RescheduleRequest} to run again later without counting as a failure
     */
    O handle(TaskContext task, I input) throws Exception;

    /**
     * A handler without a result.
     *
     * @param <I> the input
     */
    @FunctionalInterface
    interface WithoutResult<I> {

        /**
         * Works on one task.
         *
         * @param task about the task
         * @param input its input
         * @throws Exception as {@link TaskHandler#handle} says
         */
        void handle(TaskContext task, I input) throws Exception;
    }
}
