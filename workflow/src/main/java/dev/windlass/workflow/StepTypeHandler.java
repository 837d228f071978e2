package dev.windlass.workflow;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of one type of step. Called on a thread of its own for each try, by any number of threads at once.
 *
 * @param <I> the input
 * @param <O> the result
 */
@FunctionalInterface
public interface StepTypeHandler<I, O> {

    /**
     * Works on one step.
     *
     * @param step about the step
     * @param input its input
     * @return its result; at most 64 MiB encoded
     * @throws Exception the step is tried again as its options say
     */
    @Nullable
    O handle(StepContext step, I input) throws Exception;
}
