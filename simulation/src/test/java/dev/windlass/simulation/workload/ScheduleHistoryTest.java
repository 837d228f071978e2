package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

/** Histories of schedules that seeds draw; {@code ./windlass-sim seeds --from 1000000000000} plays more of them. */
class ScheduleHistoryTest {
    private static final int JOBS = 2;

    /** 2,000 seeds or a minute, whichever comes first; {@code -Dwindlass.schedule.seeds=from-to} plays others. */
    @Test
    void play_manySeeds_eachFireTimeIsDecidedOnOnceAndEverythingEnds() throws InterruptedException {
        String[] range = System.getProperty("windlass.schedule.seeds", "0-2000").split("-", 2);
        long from = Long.parseLong(range[0]);
        Campaign.Report report = Campaign.play(Plan.SCHEDULES + from, Long.parseLong(range[1]) - from, JOBS,
                Duration.ofMinutes(1), 1, soFar -> {});
        System.out.println("Simulated schedules: " + report);
        assertThat(report.failures()).isEmpty();
        assertThat(report.histories()).isPositive();
    }

    @Test
    void play_sameSeedTwice_sameHistory() {
        long seed = Plan.SCHEDULES + 5;
        assertThat(Histories.play(seed).fingerprint()).isEqualTo(Histories.play(seed).fingerprint());
    }
}
