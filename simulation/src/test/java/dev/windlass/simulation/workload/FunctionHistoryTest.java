package dev.windlass.simulation.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories of durable functions that seeds draw; {@code ./windlass-sim seeds --from 2000000000000} plays more of them. */
class FunctionHistoryTest {
    private static final int JOBS = 2;

    /** 1,000 seeds or 25 seconds, whichever comes first; {@code -Dwindlass.function.seeds=from-to} plays others. */
    @Test
    void play_manySeeds_effectsAndSignalsAreAsRecordedAndEverythingEnds() throws InterruptedException {
        String[] range = System.getProperty("windlass.function.seeds", "0-1000").split("-", 2);
        long from = Long.parseLong(range[0]);
        Campaign.Report report = Campaign.play(Plan.FUNCTIONS + from, Long.parseLong(range[1]) - from, JOBS,
                Duration.ofSeconds(25), 1, soFar -> {});
        System.out.println("Simulated functions: " + report);
        assertThat(report.failures()).isEmpty();
        assertThat(report.histories()).isPositive();
    }

    /**
     * A signal that finds the name of a start that had come to nothing; a park that was given up while a look at the state was
     * under way; a function that returns while it is cancelled; a child of a cancelled run whose starter had died.
     */
    @ParameterizedTest
    @ValueSource(longs = {373, 431, 453, 7049})
    void play_seedThatFoundABug_holds(long seed) {
        assertThatCode(() -> Histories.play(Plan.FUNCTIONS + seed)).doesNotThrowAnyException();
    }

    @Test
    void play_sameSeedTwice_sameHistory() {
        long seed = Plan.FUNCTIONS + 5;
        assertThat(Histories.play(seed).fingerprint()).isEqualTo(Histories.play(seed).fingerprint());
    }
}
