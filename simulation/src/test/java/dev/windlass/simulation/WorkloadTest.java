package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Seeds that draw whole workloads; more of them with {@code -Dtest.jvm.args="... -Dwindlass.seeds=0-10000"}. */
class WorkloadTest {

    @Test
    void run_manySeeds_invariantsHoldAndEverythingEnds() {
        String[] range = System.getProperty("windlass.seeds", "0-100").split("-", 2);
        long steps = 0;
        for (long seed = Long.parseLong(range[0]); seed < Long.parseLong(range[1]); seed++) {
            steps += Workload.run(seed).steps();
        }
        assertThat(steps).isPositive();
    }

    @Test
    void run_sameSeedTwice_sameHistory() {
        assertThat(Workload.run(5).fingerprint()).isEqualTo(Workload.run(5).fingerprint());
    }
}
