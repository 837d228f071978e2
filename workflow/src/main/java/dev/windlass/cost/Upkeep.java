package dev.windlass.cost;

/** What a worker does by the clock, whether or not there is work. */
final class Upkeep {
    /** How often a live lease is read, for the deadlines in it. */
    private static final double DEADLINE_LOOK = 60;
    /** How many sweepers of a fleet do that; more share it. */
    private static final double LOOKERS = 4;
    private static final double JITTER = 0.25;
    private static final int EXACT = 12;

    private Upkeep() {
    }

    /**
     * Renewals of a lease, a second: only those that no claim has made unnecessary.
     *
     * @param claims how often the worker claims something, a second, as if by chance
     * @param every the interval in seconds
     */
    static double heartbeats(double claims, double every) {
        double expected = claims * every;
        return expected < 1e-9 ? 1 / every : claims / Math.expm1(expected);
    }

    /** Seconds between two sweeps of a worker, on average. */
    static double sweepEvery(double lease) {
        return lease / 2;
    }

    /**
     * Seconds between two looks of a worker at one live lease, on average: with the first sweep that comes a minute after
     * the last look. Sweeps are a quarter earlier or later than they should. In a larger fleet a sweep looks by chance.
     */
    static double lookEvery(double lease, double workers) {
        double every = sweepEvery(lease);
        if (workers > LOOKERS) {
            return Math.max(every, DEADLINE_LOOK * workers / LOOKERS);
        }
        double sweeps = DEADLINE_LOOK / every;
        if (sweeps > EXACT) {
            return DEADLINE_LOOK + every / 2 * (1 + 4 * JITTER * JITTER / 12);
        }
        double count = 1;
        for (int n = 1; n <= 2 * EXACT && n * (1 - JITTER) < sweeps; n++) {
            count += sumBelow(n, (sweeps - n * (1 - JITTER)) / (2 * JITTER));
        }
        return every * count;
    }

    /** The probability that n numbers, each anywhere from 0 to 1, are less than a limit together (Irwin and Hall). */
    private static double sumBelow(int n, double limit) {
        if (limit >= n) {
            return 1;
        }
        double sum = 0;
        double choose = 1;
        for (int k = 0; k <= limit; k++) {
            sum += (k % 2 == 0 ? 1 : -1) * choose * Math.pow(limit - k, n);
            choose = choose * (n - k) / (k + 1);
        }
        double factorial = 1;
        for (int i = 2; i <= n; i++) {
            factorial *= i;
        }
        return Math.clamp(sum / factorial, 0, 1);
    }
}
