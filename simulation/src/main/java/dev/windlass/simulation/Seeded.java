package dev.windlass.simulation;

import java.util.random.RandomGenerator;

/**
 * A stream of numbers that its seed alone decides, in every JVM: the algorithm (SplitMix64) stands here, not in the
 * platform.
 */
public final class Seeded implements RandomGenerator {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    Seeded(long seed) {
        this.state = seed;
    }

    /** An independent stream, named by a number. */
    public static Seeded stream(long seed, long number) {
        return new Seeded(mix(mix(seed + GAMMA) ^ mix(number * GAMMA + 1)));
    }

    static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    @Override
    public int nextInt() {
        return (int) (nextLong() >>> 32);
    }

    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, but is " + bound);
        }
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A number from {@code low} to {@code high}, both included. */
    public long between(long low, long high) {
        return low >= high ? low : low + Math.floorMod(nextLong(), high - low + 1);
    }

    public boolean chance(double probability) {
        return probability > 0 && nextDouble() < probability;
    }
}
