package dev.windlass.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    @Test
    void delayAfter_moreFailures_doublesUpToTheLongest() {
        var policy = new RetryPolicy(10, Duration.ofSeconds(1), Duration.ofSeconds(60), 2, 0);
        var random = new Random(1);

        assertThat(policy.delayAfter(1, random)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delayAfter(4, random)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delayAfter(1000, random)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void delayAfter_withJitter_staysWithinItsShare() {
        var random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            assertThat(RetryPolicy.ofDefaults().delayAfter(1, random)).isBetween(Duration.ofMillis(750),
                    Duration.ofMillis(1250));
        }
    }

    @Test
    void values_absurd_areRefusedByName() {
        assertThatThrownBy(() -> RetryPolicy.exponential(0)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("maxAttempts is 0");
        assertThatThrownBy(() -> RetryPolicy.fixed(1, Duration.ofSeconds(-1))).hasMessageContaining("initialDelay");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 0))
                .hasMessageContaining("below initialDelay");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Double.NaN, 0))
                .hasMessageContaining("multiplier");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ZERO, Duration.ZERO, 2, 1.5))
                .hasMessageContaining("jitter");
    }

    @Test
    void submitOptions_absurd_areRefusedByName() {
        SubmitOptions options = SubmitOptions.ofDefaults();

        assertThatThrownBy(() -> options.withPriority(10)).hasMessageContaining("priority is 10");
        assertThatThrownBy(() -> options.withDelay(Duration.ofSeconds(-1))).hasMessageContaining("delay is");
        assertThatThrownBy(() -> options.withTimeout(Duration.ZERO)).hasMessageContaining("time-out is");
        assertThatThrownBy(() -> options.withDueAt(Instant.MAX)).hasMessageContaining("due time");
        assertThatThrownBy(() -> options.withIdempotencyKey("")).hasMessageContaining("idempotency key");
    }
}
