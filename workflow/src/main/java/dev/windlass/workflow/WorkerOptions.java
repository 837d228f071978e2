package dev.windlass.workflow;

import java.time.Duration;

import dev.windlass.InvalidInputException;

/**
 * How a process takes part in workflows. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>runs owned at once: 16</li>
 * <li>local parallelism: 16 step bodies at once for each owned run</li>
 * <li>fleet: on; 16 steps of other runs at once; at most 512 steps of a run out at once</li>
 * <li>fleet threshold: a backlog worth 250 ms</li>
 * <li>park after: 10 s in which nothing happened</li>
 * </ul>
 */
public final class WorkerOptions {
    private static final WorkerOptions DEFAULTS = new WorkerOptions(16, 16, true, 16, 512, Duration.ofMillis(250),
            Duration.ofSeconds(10), new WorkflowListener() {
            });

    private final int runs;
    private final int localParallelism;
    private final boolean fleet;
    private final int fleetConcurrency;
    private final int maxOutstanding;
    private final Duration fleetThreshold;
    private final Duration parkAfter;
    private final WorkflowListener listener;

    private WorkerOptions(int runs, int localParallelism, boolean fleet, int fleetConcurrency, int maxOutstanding,
            Duration fleetThreshold, Duration parkAfter, WorkflowListener listener) {
        this.runs = runs;
        this.localParallelism = localParallelism;
        this.fleet = fleet;
        this.fleetConcurrency = fleetConcurrency;
        this.maxOutstanding = maxOutstanding;
        this.fleetThreshold = fleetThreshold;
        this.parkAfter = parkAfter;
        this.listener = listener;
    }

    /** The defaults listed above. */
    public static WorkerOptions ofDefaults() {
        return DEFAULTS;
    }

    /**
     * How many runs this process owns at once.
     *
     * @param runs 1 to 10,000
     */
    public WorkerOptions withRuns(int runs) {
        check("number of runs", runs, 1, 10_000);
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * How many step bodies of one owned run go on at once.
     *
     * @param localParallelism 1 to 10,000
     */
    public WorkerOptions withLocalParallelism(int localParallelism) {
        check("local parallelism", localParallelism, 1, 10_000);
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * Whether an owner may send steps out that could as well run at the owner.
     *
     * @param fleet default true; steps that must run elsewhere are sent in any case
     */
    public WorkerOptions withFleet(boolean fleet) {
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * How many steps that owners have sent out this process runs at once, beside those of the runs that it owns.
     *
     * @param fleetConcurrency 0 to 10,000; 0 for none
     */
    public WorkerOptions withFleetConcurrency(int fleetConcurrency) {
        check("fleet concurrency", fleetConcurrency, 0, 10_000);
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * How many steps of one run are out at once at most.
     *
     * @param maxOutstanding 1 to 100,000
     */
    public WorkerOptions withMaxOutstanding(int maxOutstanding) {
        check("number of outstanding steps", maxOutstanding, 1, 100_000);
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * Steps are sent out only while the ready ones would keep the owner busy for longer than this and ten round trips.
     *
     * @param fleetThreshold zero to an hour
     */
    public WorkerOptions withFleetThreshold(Duration fleetThreshold) {
        if (fleetThreshold.isNegative() || fleetThreshold.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The fleet threshold is " + fleetThreshold + ". Use zero to an hour.");
        }
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * How long an owner that only waits for steps elsewhere stays live before the run is parked.
     *
     * @param parkAfter 10 ms to an hour
     */
    public WorkerOptions withParkAfter(Duration parkAfter) {
        if (parkAfter.compareTo(Duration.ofMillis(10)) < 0 || parkAfter.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The time before parking is " + parkAfter + ". Use 10 ms to an hour.");
        }
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /**
     * Who is told of what the owned runs do.
     *
     * @param listener called on the owners' threads
     */
    public WorkerOptions withListener(WorkflowListener listener) {
        return new WorkerOptions(runs, localParallelism, fleet, fleetConcurrency, maxOutstanding, fleetThreshold,
                parkAfter, listener);
    }

    /** How many runs this process owns at once. */
    public int runs() {
        return runs;
    }

    /** How many step bodies of one owned run go on at once. */
    public int localParallelism() {
        return localParallelism;
    }

    /** Whether an owner may send steps out that could as well run at the owner. */
    public boolean fleet() {
        return fleet;
    }

    /** How many steps that owners have sent out this process runs at once. */
    public int fleetConcurrency() {
        return fleetConcurrency;
    }

    /** How many steps of one run are out at once at most. */
    public int maxOutstanding() {
        return maxOutstanding;
    }

    /** What backlog, as time, makes sending out worth it, beside ten round trips. */
    public Duration fleetThreshold() {
        return fleetThreshold;
    }

    /** How long an owner that only waits stays live. */
    public Duration parkAfter() {
        return parkAfter;
    }

    /** Who is told of what the owned runs do. */
    public WorkflowListener listener() {
        return listener;
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidInputException("The " + what + " is " + value + ". Use " + least + " to " + most + ".");
        }
    }
}
