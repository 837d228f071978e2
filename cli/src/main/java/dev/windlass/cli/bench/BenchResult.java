package dev.windlass.cli.bench;

import java.util.Arrays;

import dev.windlass.store.RequestCounts;

/**
 * What was measured.
 *
 * @param tasks how many tasks
 * @param submitSeconds from the first submission to the acknowledgement of the last
 * @param drainSeconds from there, which is when the workers start, to the last completion
 * @param p50Millis half of the tasks took at most so long from submission to completion
 * @param p99Millis 99 of 100 tasks took at most so long from submission to completion
 * @param requests the requests of all processes
 */
public record BenchResult(int tasks, double submitSeconds, double drainSeconds, double p50Millis, double p99Millis,
        RequestCounts requests) {

    static BenchResult of(BenchPlan plan, long submitMicros, long drainMicros, long[] latencyMicros,
            RequestCounts requests) {
        long[] sorted = latencyMicros.clone();
        Arrays.sort(sorted);
        return new BenchResult(plan.tasks(), submitMicros / 1e6, drainMicros / 1e6, percentile(sorted, 50),
                percentile(sorted, 99), requests);
    }

    /** By nearest rank. */
    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted[Math.max(1, rank) - 1] / 1e3;
    }

    /** From the first submission to the last completion. */
    public double seconds() {
        return submitSeconds + drainSeconds;
    }

    /** Tasks per second, submission and drain together. */
    public double tasksPerSecond() {
        return tasks / seconds();
    }

    /** Billed requests per task: PUT, GET and LIST. */
    public double requestsPerTask() {
        return (double) requests.billed() / tasks;
    }
}
