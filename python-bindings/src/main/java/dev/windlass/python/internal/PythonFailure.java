package dev.windlass.python.internal;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.ErrorSource;

/** A Python exception that left a handler: the task is tried again as its retry policy says. */
final class PythonFailure extends RuntimeException implements ErrorSource {
    private static final long serialVersionUID = 1L;

    private final transient TaskError error;

    PythonFailure(TaskError error) {
        super(error.summary(), null, false, false);
        this.error = error;
    }

    @Override
    public TaskError error() {
        return error;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // logs name the Python exception, and not this class
    public String toString() {
        return error.summary();
    }

    /** One that no further attempt would mend. */
    static final class Permanent extends PermanentFailure implements ErrorSource {
        private static final long serialVersionUID = 1L;

        private final transient TaskError error;

        Permanent(TaskError error) {
            super(error.summary());
            this.error = error;
        }

        @Override
        public TaskError error() {
            return error;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // logs name the Python exception, and not this class
        public String toString() {
            return error.summary();
        }
    }
}
