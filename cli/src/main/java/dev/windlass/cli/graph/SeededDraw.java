package dev.windlass.cli.graph;

/**
 * Numbers drawn from a seed, the same on every platform and Java version, since a generated graph must be the same to
 * the byte: SplitMix64, and {@link StrictMath} for the distributions. Not safe for use by several threads.
 */
final class SeededDraw {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    SeededDraw(long seed) {
        this.state = seed;
    }

    private long nextLong() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0, inclusive, to 1, exclusive. */
    double fraction() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** From 0, inclusive, to the bound, exclusive. */
    int below(int bound) {
        return (int) (fraction() * bound);
    }

    /** Seconds, spread evenly between two values; in whole milliseconds. */
    double between(double low, double high) {
        return milliseconds(low + (high - low) * fraction());
    }

    /**
     * Seconds as run times of programs are: log-normal, half of them above the median; in whole milliseconds, at least
     * one.
     *
     * @param spread standard deviation of the logarithm; 0.1 is narrow, 1 is wide
     */
    double around(double median, double spread) {
        double gauss = StrictMath.sqrt(-2 * StrictMath.log(1 - fraction()))
                * StrictMath.cos(2 * StrictMath.PI * fraction());
        return milliseconds(median * StrictMath.exp(spread * gauss));
    }

    private static double milliseconds(double seconds) {
        return Math.max(1, Math.round(seconds * 1000)) / 1000.0;
    }
}
