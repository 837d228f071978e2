package dev.windlass.workflow;

import org.jspecify.annotations.Nullable;

/**
 * A durable function. It runs from its start again after a crash, or when what it waited for has come, and each step, wait
 * or child that has ended answers at once from what is recorded. So apart from what it asks its context for it must do the same
 * each time: time, randomness, requests and shared state belong into steps.
 *
 * @param <I> the input
 * @param <O> the result
 */
@FunctionalInterface
public interface WorkflowFunction<I, O> {

    /**
     * Runs.
     *
     * @param context what it does lasting things by; for this thread only
     * @param input its input
     * @return its result; at most 64 MiB encoded
     * @throws Exception the run fails
     */
    @Nullable
    O run(WorkflowContext context, I input) throws Exception;
}
