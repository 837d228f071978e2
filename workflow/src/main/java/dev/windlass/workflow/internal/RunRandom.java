package dev.windlass.workflow.internal;

import java.util.random.RandomGenerator;

/**
 * The randomness of a run: SplitMix64 from a seed. Its numbers are part of the format, as a run of one version of Java may go on
 * under another: so it is written out here. For one thread.
 */
final class RunRandom implements RandomGenerator {
    private long state;

    RunRandom(long seed) {
        this.state = seed;
    }

    @Override
    public long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
