package dev.windlass.workflow;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Bodies of the steps of a {@link Dag}, by how many values they take. Called on a thread of its own for each try, by any
 * number of threads at once. What a body returns is encoded as JSON, and decoded again for those that need it; null is a
 * result like any other. A body that throws is tried again as its step's options say. A value that may be absent comes as
 * an {@link Optional}, see {@link StepRef#optional()}.
 */
public final class Join {
    private Join() {
    }

    /**
     * Takes one value.
     *
     * @param <A> the value: the run's input, a step's result, or an item of it
     * @param <R> the result
     */
    @FunctionalInterface
    public interface One<A, R> {
        /**
         * Does the work of a step.
         *
         * @param step about the step
         * @param a the value
         * @return the result
         * @throws Exception fails this try
         */
        @Nullable
        R run(StepContext step, A a) throws Exception;
    }

    /**
     * Takes two values.
     *
     * @param <A> the first
     * @param <B> the second
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Two<A, B, R> {
        /**
         * Does the work of a step.
         *
         * @param step about the step
         * @param a the first value
         * @param b the second value
         * @return the result
         * @throws Exception fails this try
         */
        @Nullable
        R run(StepContext step, A a, B b) throws Exception;
    }

    /**
     * Takes three values.
     *
     * @param <A> the first
     * @param <B> the second
     * @param <C> the third
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Three<A, B, C, R> {
        /**
         * Does the work of a step.
         *
         * @param step about the step
         * @param a the first value
         * @param b the second value
         * @param c the third value
         * @return the result
         * @throws Exception fails this try
         */
        @Nullable
        R run(StepContext step, A a, B b, C c) throws Exception;
    }

    /**
     * Takes four values.
     *
     * @param <A> the first
     * @param <B> the second
     * @param <C> the third
     * @param <D> the fourth
     * @param <R> the result
     */
    @FunctionalInterface
    public interface Four<A, B, C, D, R> {
        /**
         * Does the work of a step.
         *
         * @param step about the step
         * @param a the first value
         * @param b the second value
         * @param c the third value
         * @param d the fourth value
         * @return the result
         * @throws Exception fails this try
         */
        @Nullable
        R run(StepContext step, A a, B b, C c, D d) throws Exception;
    }
}
