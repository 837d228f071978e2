package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

/** The seeds of the default build; {@code ./windlass-sim seeds} plays more of them. */
class HistoriesTest {
    private static final int JOBS = 2;

    /** 20,000 seeds or three minutes, whichever comes first; {@code -Dwindlass.seeds=from-to} plays others. */
    @Test
    void play_manySeeds_invariantsHoldAndEverythingEnds() throws InterruptedException {
        String[] range = System.getProperty("windlass.seeds", "0-20000").split("-", 2);
        long from = Long.parseLong(range[0]);
        Campaign.Report report = Campaign.play(from, Long.parseLong(range[1]) - from, JOBS, Duration.ofMinutes(3), 1,
                soFar -> {});
        System.out.println("Simulated " + report);
        assertThat(report.failures()).isEmpty();
        assertThat(report.histories()).isPositive();
    }

    @Test
    void play_sameSeedTwice_sameHistoryToTheByte() {
        for (long seed = 0; seed < 8; seed++) {
            var once = Histories.play(seed);
            var again = Histories.play(seed);
            assertThat(again.trace()).isEqualTo(once.trace());
            assertThat(again.fingerprint()).isEqualTo(once.fingerprint());
        }
    }
}
