package dev.windlass.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualTime time = new ManualTime();
    private final StoreClock clock = new StoreClock(time, Duration.ofSeconds(3));

    @Test
    void now_beforeAnyAnswer_isRefused() {
        assertThat(clock.isKnown()).isFalse();
        assertThatThrownBy(clock::now).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void now_samplesThatLag_goesByTheLatest() {
        clock.sample(START);
        time.pass(Duration.ofMillis(1500));
        clock.sample(START.plusSeconds(1)); // half a second earlier than known already
        assertThat(clock.now()).isEqualTo(START.plusMillis(1500));

        time.pass(Duration.ofMillis(500));
        clock.sample(START.plusSeconds(3)); // proves that it is later than thought
        assertThat(clock.now()).isEqualTo(START.plusSeconds(3));
        assertThat(clock.surelyPast()).isEqualTo(START);
    }

    @Test
    void now_afterTheWindow_forgetsASampleThatAFastClockHasSpoilt() {
        clock.sample(START.plusSeconds(100));
        time.pass(Duration.ofMinutes(6));
        clock.sample(START.plus(Duration.ofMinutes(6)));
        time.pass(Duration.ofMinutes(6));
        clock.sample(START.plus(Duration.ofMinutes(12)));

        assertThat(clock.now()).isEqualTo(START.plus(Duration.ofMinutes(12)));
    }
}
