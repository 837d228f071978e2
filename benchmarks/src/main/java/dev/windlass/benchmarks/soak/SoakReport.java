package dev.windlass.benchmarks.soak;

import java.util.List;

import dev.windlass.store.RequestCounts;

/**
 * What a soak saw.
 *
 * @param submitted how many tasks were acknowledged
 * @param lagSeconds by how much the producer was behind its rate at the end
 * @param completed how many of them ended as completed
 * @param cancelled how many of them ended as cancelled
 * @param requests the requests of producer and worker
 * @param samples what was held, from time to time
 * @param gauges the verdicts
 */
public record SoakReport(long submitted, double lagSeconds, long completed, long cancelled, RequestCounts requests,
        List<Sample> samples, List<Flatness> gauges) {

    /** Whether every task ended, and nothing grew. */
    public boolean passed() {
        return submitted == completed + cancelled && gauges.stream().allMatch(Flatness::isFlat);
    }
}
