package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

/** Histories of tasks with options that seeds draw; {@code ./windlass-sim seeds --from 3000000000000} plays more of them. */
class OptionHistoryTest {
    private static final int JOBS = 2;

    /** 1,000 seeds or 25 seconds, whichever comes first; {@code -Dwindlass.option.seeds=from-to} plays others. */
    @Test
    void play_manySeeds_whatOptionsPromiseHolds() throws InterruptedException {
        String[] range = System.getProperty("windlass.option.seeds", "0-1000").split("-", 2);
        long from = Long.parseLong(range[0]);
        Campaign.Report report = Campaign.play(Plan.OPTIONS + from, Long.parseLong(range[1]) - from, JOBS,
                Duration.ofSeconds(25), 1, soFar -> {});
        System.out.println("Simulated options: " + report);
        assertThat(report.failures()).isEmpty();
        assertThat(report.histories()).isPositive();
    }

    @Test
    void play_sameSeedTwice_sameHistory() {
        long seed = Plan.OPTIONS + 5;
        assertThat(Histories.play(seed).fingerprint()).isEqualTo(Histories.play(seed).fingerprint());
    }
}
