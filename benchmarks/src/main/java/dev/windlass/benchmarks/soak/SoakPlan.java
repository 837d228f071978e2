package dev.windlass.benchmarks.soak;

import java.time.Duration;

import dev.windlass.InvalidInputException;

/**
 * What to soak.
 *
 * @param store the store's URI; not {@code mem:}, which would hold every task in the heap
 * @param load how long the load lasts, after the warm-up
 * @param warmUp how long beforehand, without samples
 * @param rate tasks per second, 0.1 to 10,000
 * @param sample time between samples
 * @param leak a deliberate leak
 */
public record SoakPlan(String store, Duration load, Duration warmUp, double rate, Duration sample, Leak leak) {

    /** Checks the numbers. */
    public SoakPlan {
        if (store.startsWith("mem:")) {
            throw new InvalidInputException(
                    "A mem: store keeps every task in the heap, which then grows by design. Use a file: or s3: store.");
        }
        if (!(rate >= 0.1 && rate <= 10_000)) {
            throw new InvalidInputException("The rate is " + rate + " tasks a second. Use 0.1 to 10000.");
        }
        if (sample.isNegative() || sample.isZero() || sample.multipliedBy(6).compareTo(load) > 0) {
            throw new InvalidInputException("A soak of " + load.toMillis() / 1e3 + " s with a sample every "
                    + sample.toMillis() / 1e3 + " s has too few of them. Six samples at least must fit.");
        }
        if (warmUp.isNegative()) {
            throw new InvalidInputException("The warm-up is " + warmUp.toMillis() / 1e3 + " s. Use 0 or more.");
        }
    }
}
