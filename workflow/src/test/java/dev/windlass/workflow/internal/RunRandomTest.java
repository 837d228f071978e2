package dev.windlass.workflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunRandomTest {

    /** The first numbers of SplitMix64 from the seed 1234567, as published with its reference implementation. */
    @Test
    void nextLong_knownSeed_isTheReferences() {
        RunRandom random = new RunRandom(1234567);

        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    }
}
