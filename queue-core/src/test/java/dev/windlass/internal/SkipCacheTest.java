package dev.windlass.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class SkipCacheTest {
    private final ManualTime time = new ManualTime();
    private final SkipCache skips = new SkipCache(time, 100);

    @Test
    void isSkipped_untilItsTimeIsOver() {
        skips.skip("a", Duration.ofSeconds(2));

        assertThat(skips.isSkipped("a")).isTrue();
        time.pass(Duration.ofSeconds(2));
        assertThat(skips.isSkipped("a")).isFalse();
    }

    @Test
    void skip_keysThatNobodyAsksForAgain_areDroppedAfterTheirTime() {
        skips.skip("kept", Duration.ofMinutes(15));
        for (int i = 0; i < 50; i++) {
            skips.skip("gone-" + i, Duration.ofSeconds(5));
        }
        time.pass(Duration.ofSeconds(6));

        skips.skip("next", Duration.ofSeconds(5));

        assertThat(skips.size()).isEqualTo(2);
        assertThat(skips.isSkipped("kept")).isTrue();
        assertThat(skips.isSkipped("next")).isTrue();
    }

    @Test
    void skip_moreThanTheLimit_theOldestGo() {
        for (int i = 0; i <= 100; i++) {
            skips.skip("key-" + i, Duration.ofMinutes(1));
        }

        assertThat(skips.size()).isEqualTo(100);
        assertThat(skips.isSkipped("key-0")).isFalse();
        assertThat(skips.isSkipped("key-100")).isTrue();
    }
}
