package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories of workflow runs that seeds draw. Each seed that once found a bug stays here. */
class RunHistoryTest {

    /**
     * 35: an owner that only waits for bodies to return span. 153: on a store whose LIST has no order, outcomes were
     * looked for on the wrong page. 515: a step was started though its owner knew its outcome. 20478: an id of which only
     * the buried name of a task was there was refused as taken. 25653: the progress of a replaced run told the steps of
     * the run that had replaced it. 36866: the driver took a condition for not met, since a crash undid it before the
     * driver's turn.
     */
    @ParameterizedTest
    @ValueSource(longs = {35, 153, 515, 20478, 25653, 36866})
    void play_seedThatFoundABug_invariantsHold(long seed) {
        assertThat(RunHistory.play(Plan.drawRuns(seed)).steps()).isPositive();
    }

    @Test
    void play_sameSeedTwice_sameHistory() {
        assertThat(RunHistory.play(Plan.drawRuns(5)).fingerprint())
                .isEqualTo(RunHistory.play(Plan.drawRuns(5)).fingerprint());
    }
}
