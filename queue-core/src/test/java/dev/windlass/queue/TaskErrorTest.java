package dev.windlass.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.queue.spi.ErrorSource;
import org.junit.jupiter.api.Test;

class TaskErrorTest {

    /** A failure of another language. */
    private static final class ForeignException extends RuntimeException implements ErrorSource {
        private static final long serialVersionUID = 1L;

        @Override
        public TaskError error() {
            return new TaskError("ValueError", "no such order", "Traceback (most recent call last): …");
        }
    }

    @Test
    void of_javaException_isItsClassMessageAndTrace() {
        TaskError error = TaskError.of(new IllegalStateException("broken"));

        assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("broken");
        assertThat(error.stackTrace()).contains("of_javaException_isItsClassMessageAndTrace");
    }

    @Test
    void of_exceptionThatSaysItself_isWhatItSays() {
        assertThat(TaskError.of(new ForeignException())).isEqualTo(
                new TaskError("ValueError", "no such order", "Traceback (most recent call last): …"));
    }
}
