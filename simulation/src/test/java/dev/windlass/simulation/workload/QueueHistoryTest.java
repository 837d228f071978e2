package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories of the queue that seeds draw; what they found stays as scenarios, and as mutants. */
class QueueHistoryTest {

    @Test
    void play_sameSeedTwice_sameHistory() {
        assertThat(QueueHistory.play(Plan.draw(5)).fingerprint())
                .isEqualTo(QueueHistory.play(Plan.draw(5)).fingerprint());
    }
}
