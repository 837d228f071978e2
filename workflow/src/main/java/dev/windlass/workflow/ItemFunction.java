package dev.windlass.workflow;

import org.jspecify.annotations.Nullable;

/**
 * The body of the step of one item of a {@link WorkflowContext#map}.
 *
 * @param <I> the item
 * @param <T> the result
 */
@FunctionalInterface
public interface ItemFunction<I, T> {

    /**
     * Does the work for one item.
     *
     * @param step about the step
     * @param item the item
     * @return its result
     * @throws Exception the step is tried again as its options say
     */
    @Nullable
    T run(StepContext step, I item) throws Exception;
}
