package dev.windlass.workflow;

import org.jspecify.annotations.Nullable;

/**
 * The body of a step of a durable function. Runs on a thread of its own, at the run's owner; it may run more than once,
 * since a crash may come between its end and its record.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface StepFunction<T> {

    /**
     * Does the work.
     *
     * @param step about the step
     * @return its result; at most 64 MiB encoded
     * @throws Exception the step is tried again as its options say; a {@link dev.windlass.queue.PermanentFailure} fails it at
     *             once
     */
    @Nullable
    T run(StepContext step) throws Exception;
}
