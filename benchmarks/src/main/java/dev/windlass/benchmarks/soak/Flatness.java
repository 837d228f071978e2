package dev.windlass.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a gauge stayed flat: the median of the last third of the samples is above the median of the first third by at most
 * a tenth, or by at most the gauge's allowance, whichever is more.
 *
 * @param gauge what was watched
 * @param first the median of the first third
 * @param last the median of the last third
 * @param bound by how much it may grow
 */
public record Flatness(Gauge gauge, double first, double last, double bound) {
    private static final double SHARE = 0.1;

    /** The verdict on each gauge. At least three samples are needed. */
    public static List<Flatness> judge(List<Sample> samples) {
        int third = samples.size() / 3;
        if (third == 0) {
            throw new IllegalArgumentException("three samples at least, not " + samples.size());
        }
        var verdicts = new ArrayList<Flatness>();
        for (Gauge gauge : Gauge.values()) {
            double first = median(gauge, samples.subList(0, third));
            double last = median(gauge, samples.subList(samples.size() - third, samples.size()));
            verdicts.add(new Flatness(gauge, first, last, Math.max(gauge.allowance(), first * SHARE)));
        }
        return verdicts;
    }

    private static double median(Gauge gauge, List<Sample> samples) {
        double[] values = samples.stream().mapToDouble(gauge::of).sorted().toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** Whether it is flat. */
    public boolean isFlat() {
        return last - first <= bound;
    }
}
