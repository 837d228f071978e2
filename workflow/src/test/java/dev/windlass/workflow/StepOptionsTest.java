package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import org.junit.jupiter.api.Test;

class StepOptionsTest {

    @Test
    void isRetryable_classBelowANamedOne_isNot() {
        StepOptions options = StepOptions.retry(RetryPolicy.exponential(5)).withNonRetryable(IOException.class);

        assertThat(options.isRetryable(new IOException("x"))).isFalse();
        assertThat(options.isRetryable(new FileNotFoundException("x"))).isFalse();
        assertThat(options.isRetryable(new IllegalStateException("x"))).isTrue();
        assertThat(options.isRetryable(new PermanentFailure("x"))).isFalse();
    }

    @Test
    void with_eachValue_keepsTheOthers() {
        StepOptions options = StepOptions.ofDefaults().withRetry(RetryPolicy.none()).withTimeout(null)
                .withOnFailure(OnFailure.PAUSE).withAtMostOnce().withPlacement(Placement.FLEET).withQueue("gpu")
                .withPriority(2).withNonRetryable(List.of("a.B"));

        assertThat(options).isEqualTo(new StepOptions(RetryPolicy.none(), List.of("a.B"), null, OnFailure.PAUSE, true,
                Placement.FLEET, "gpu", 2));
    }

    @Test
    void values_absurd_refusedWithWhatToDo() {
        StepOptions options = StepOptions.ofDefaults();
        assertThatThrownBy(() -> options.withTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("PT-1S").hasMessageContaining("Use");
        assertThatThrownBy(() -> options.withPriority(10)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("10");
        assertThatThrownBy(() -> options.withQueue("")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withNonRetryable(List.of(" "))).isInstanceOf(InvalidInputException.class);
    }
}
