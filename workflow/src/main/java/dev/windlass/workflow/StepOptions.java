package dev.windlass.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a step is run. Immutable; every {@code with} gives a changed copy.
 *
 * <pre>{@code
 * StepOptions.retry(RetryPolicy.exponential(5)).withNonRetryable(CardDeclined.class).withTimeout(Duration.ofSeconds(20))
 * }</pre>
 *
 * @param retry how often to try it, and how long to wait between the tries; default {@link RetryPolicy#ofDefaults()}
 * @param nonRetryable names of classes: a failure that is of one of them, or of a class below it, is not tried again;
 *            default none. A {@link PermanentFailure} never is
 * @param timeout how long one try may take, or null for no limit; default 5 minutes
 * @param onFailure what becomes of the run when the step has failed for good; default {@link OnFailure#FAIL}
 * @param atMostOnce whether the body is begun at most once, whatever happens: one put more, before it begins. If its
 *            outcome is then not known after a crash, the step has failed, with the error type {@code outcome-unknown}.
 *            It has one try, whatever the retry policy says
 * @param placement where it may run; of a durable function's own lambdas always at the run's owner
 * @param queue the queue that it waits in as a task of its own, or null for the engine's; a step that names a queue always
 *            runs as a task of its own
 * @param priority 0 (first) to 9 as a task of its own, or null for the run's
 */
public record StepOptions(RetryPolicy retry, List<String> nonRetryable, @Nullable Duration timeout,
        OnFailure onFailure, boolean atMostOnce, Placement placement, @Nullable String queue,
        @Nullable Integer priority) {
    /** The type of the error of a step that was begun at most once, and whose outcome is not known. */
    public static final String OUTCOME_UNKNOWN = "outcome-unknown";

    private static final StepOptions DEFAULTS = new StepOptions(RetryPolicy.ofDefaults(), List.of(),
            DagStep.DEFAULT_TIMEOUT, OnFailure.FAIL, false, Placement.AUTO, null, null);

    /** Copies the list, and checks the values. */
    public StepOptions {
        nonRetryable = List.copyOf(nonRetryable);
        for (String type : nonRetryable) {
            if (type.isBlank()) {
                throw new InvalidInputException("A class that is not to be tried again has an empty name. Name the "
                        + "class in full, such as java.lang.IllegalArgumentException.");
            }
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.toDays() > 3660)) {
            throw new InvalidInputException("The time-out of a step is " + timeout
                    + ". Use more than zero and at most ten years, or null for none.");
        }
        if (priority != null && (priority < 0 || priority > 9)) {
            throw new InvalidInputException("The priority of a step is " + priority + ". Use 0 (first) to 9.");
        }
        if (queue != null && queue.isEmpty()) {
            throw new InvalidInputException("The queue of a step has an empty name. Name one, or leave it out.");
        }
    }

    /** 4 tries, 5 minutes each; its failure fails the run; placed by the engine. */
    public static StepOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * The defaults with other tries.
     *
     * @param retry how often, and how long to wait between
     */
    public static StepOptions retry(RetryPolicy retry) {
        return DEFAULTS.withRetry(retry);
    }

    /**
     * The same with other tries.
     *
     * @param retry how often, and how long to wait between
     */
    public StepOptions withRetry(RetryPolicy retry) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * The same, with failures that are not tried again.
     *
     * @param types classes of exceptions; those below them count, too
     */
    @SafeVarargs
    public final StepOptions withNonRetryable(Class<? extends Throwable>... types) {
        List<String> names = new ArrayList<>();
        for (Class<? extends Throwable> type : types) {
            names.add(type.getName());
        }
        return withNonRetryable(names);
    }

    /**
     * The same, with failures that are not tried again.
     *
     * @param types names of classes of exceptions, in full; those below them count, too
     */
    public StepOptions withNonRetryable(List<String> types) {
        return new StepOptions(retry, types, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * The same with another time-out.
     *
     * @param timeout more than zero, at most ten years; null for no limit
     */
    public StepOptions withTimeout(@Nullable Duration timeout) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * The same with another consequence of failing for good.
     *
     * @param onFailure what becomes of the run
     */
    public StepOptions withOnFailure(OnFailure onFailure) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /** The same, begun at most once: a crash between its begin and its record fails the step, and does not repeat it. */
    public StepOptions withAtMostOnce() {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, true, placement, queue, priority);
    }

    /**
     * The same, placed otherwise.
     *
     * @param placement where it may run
     */
    public StepOptions withPlacement(Placement placement) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * The same as a task of a named queue.
     *
     * @param queue its name, or null for the engine's
     */
    public StepOptions withQueue(@Nullable String queue) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * The same with another priority as a task of its own.
     *
     * @param priority 0 (first) to 9, or null for the run's
     */
    public StepOptions withPriority(@Nullable Integer priority) {
        return new StepOptions(retry, nonRetryable, timeout, onFailure, atMostOnce, placement, queue, priority);
    }

    /**
     * Whether a failure may be tried again, as far as its class tells.
     *
     * @param failure what a try has thrown
     */
    public boolean isRetryable(Throwable failure) {
        if (failure instanceof PermanentFailure) {
            return false;
        }
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            if (nonRetryable.contains(type.getName())) {
                return false;
            }
        }
        return true;
    }
}
