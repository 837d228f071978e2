package dev.windlass.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

class SpeedTest {

    @Test
    void percentile_ofSamples_isTheSmallestThatSoManyDoNotExceed() {
        long[] fifty = LongStream.rangeClosed(1, 50).toArray();

        assertThat(Speed.percentile(fifty, 50)).isEqualTo(25);
        assertThat(Speed.percentile(fifty, 90)).isEqualTo(45);
        assertThat(Speed.percentile(fifty, 99)).isEqualTo(50);
        assertThat(Speed.percentile(fifty, 100)).isEqualTo(50);
        assertThat(Speed.percentile(new long[]{7}, 50)).isEqualTo(7);
    }

    /** 2 PUT, 1/16 LIST, 1/16 PUT, 1 GET, 1 PUT, 1 PUT, 1 DELETE: 6 1/8 requests a task. */
    @Test
    void tasksPerSecond_ofOneRateForAll_isThatRateByTheRequestsOfATask() {
        assertThat(Speed.tasksPerSecond(6125, 6125, 6125, 6125)).isEqualTo(1000, within(1e-6));
    }

    @Test
    void tasksPerSecond_slowPuts_decide() {
        assertThat(Speed.tasksPerSecond(406.25, 1e9, 1e9, 1e9)).isEqualTo(100, within(1e-3));
    }
}
