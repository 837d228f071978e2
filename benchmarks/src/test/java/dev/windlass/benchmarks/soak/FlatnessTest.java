package dev.windlass.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class FlatnessTest {
    private static final int SAMPLES = 30;

    private static Flatness strands(IntUnaryOperator series) {
        List<Sample> samples = IntStream.range(0, SAMPLES)
                .mapToObj(i -> new Sample(i, 10 << 20, 10, series.applyAsInt(i), 70, 5)).toList();
        return Flatness.judge(samples).stream().filter(flat -> flat.gauge() == Gauge.STRANDS).findFirst()
                .orElseThrow();
    }

    @Test
    void judge_steadyLeak_grows() {
        assertThat(strands(i -> 20 + 5 * i).isFlat()).isFalse();
    }

    @Test
    void judge_constant_isFlat() {
        assertThat(strands(i -> 20).isFlat()).isTrue();
    }

    @Test
    void judge_onePeak_isFlat() {
        assertThat(strands(i -> i == SAMPLES - 1 ? 5000 : 20).isFlat()).isTrue();
    }

    @Test
    void judge_growthWithinTheAllowance_isFlat_andOneMoreIsNot() {
        assertThat(strands(i -> i < 20 ? 20 : 84).isFlat()).isTrue();
        assertThat(strands(i -> i < 20 ? 20 : 85).isFlat()).isFalse();
    }

    @Test
    void judge_growthOfLessThanATenth_isFlat_andMoreIsNot() {
        assertThat(strands(i -> i < 20 ? 1000 : 1100).isFlat()).isTrue();
        assertThat(strands(i -> i < 20 ? 1000 : 1101).isFlat()).isFalse();
    }

    @Test
    void judge_fall_isFlat() {
        assertThat(strands(i -> 1000 - i).isFlat()).isTrue();
    }

    @Test
    void judge_tooFewSamples_isRefused() {
        var sample = new Sample(0, 1, 1, 1, 1, 1);
        assertThatThrownBy(() -> Flatness.judge(List.of(sample, sample)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
