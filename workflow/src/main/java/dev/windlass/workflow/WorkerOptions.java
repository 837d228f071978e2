package dev.windlass.workflow;

import java.time.Duration;
import java.util.function.Consumer;

import dev.windlass.InvalidInputException;

/**
 * How a process takes part in workflows. Immutable; every {@code with} gives a changed copy.
 *
 * <ul>
 * <li>runs owned at once: 16</li>
 * <li>local parallelism: 16 step bodies at once for each owned run</li>
 * <li>fleet: on; 64 steps of other runs at once, which are held for the round trips of a task around their bodies; at most 512 steps of a run out at once</li>
 * <li>fleet threshold: a backlog worth 250 ms</li>
 * <li>park after: 10 s in which nothing happened</li>
 * </ul>
 */
public final class WorkerOptions {
    private static final WorkerOptions DEFAULTS = new WorkerOptions();

    private int runs = 16;
    private int localParallelism = 16;
    private boolean fleet = true;
    private int fleetConcurrency = 64;
    private int maxOutstanding = 512;
    private Duration fleetThreshold = Duration.ofMillis(250);
    private Duration parkAfter = Duration.ofSeconds(10);
    private WorkflowListener listener = new WorkflowListener() {
    };

    private WorkerOptions() {
    }

    private WorkerOptions(WorkerOptions other) {
        runs = other.runs;
        localParallelism = other.localParallelism;
        fleet = other.fleet;
        fleetConcurrency = other.fleetConcurrency;
        maxOutstanding = other.maxOutstanding;
        fleetThreshold = other.fleetThreshold;
        parkAfter = other.parkAfter;
        listener = other.listener;
    }

    private WorkerOptions with(Consumer<WorkerOptions> change) {
        var copy = new WorkerOptions(this);
        change.accept(copy);
        return copy;
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
        return with(copy -> copy.runs = runs);
    }

    /**
     * How many step bodies of one owned run go on at once.
     *
     * @param localParallelism 1 to 10,000
     */
    public WorkerOptions withLocalParallelism(int localParallelism) {
        check("local parallelism", localParallelism, 1, 10_000);
        return with(copy -> copy.localParallelism = localParallelism);
    }

    /**
     * Whether an owner may send steps out that could as well run at the owner.
     *
     * @param fleet default true; steps that must run elsewhere are sent in any case
     */
    public WorkerOptions withFleet(boolean fleet) {
        return with(copy -> copy.fleet = fleet);
    }

    /**
     * How many steps that owners have sent out this process runs at once, beside those of the runs that it owns.
     *
     * @param fleetConcurrency 0 to 10,000; 0 for none
     */
    public WorkerOptions withFleetConcurrency(int fleetConcurrency) {
        check("fleet concurrency", fleetConcurrency, 0, 10_000);
        return with(copy -> copy.fleetConcurrency = fleetConcurrency);
    }

    /**
     * How many steps of one run are out at once at most.
     *
     * @param maxOutstanding 1 to 100,000
     */
    public WorkerOptions withMaxOutstanding(int maxOutstanding) {
        check("number of outstanding steps", maxOutstanding, 1, 100_000);
        return with(copy -> copy.maxOutstanding = maxOutstanding);
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
        return with(copy -> copy.fleetThreshold = fleetThreshold);
    }

    /**
     * How long an owner stays live that only waits (for steps elsewhere, signals, times or children) before the run is
     * parked.
     *
     * @param parkAfter 10 ms to an hour
     */
    public WorkerOptions withParkAfter(Duration parkAfter) {
        if (parkAfter.compareTo(Duration.ofMillis(10)) < 0 || parkAfter.compareTo(Duration.ofHours(1)) > 0) {
            throw new InvalidInputException("The time before parking is " + parkAfter + ". Use 10 ms to an hour.");
        }
        return with(copy -> copy.parkAfter = parkAfter);
    }

    /**
     * Who is told of what the owned runs do.
     *
     * @param listener called on the owners' threads
     */
    public WorkerOptions withListener(WorkflowListener listener) {
        return with(copy -> copy.listener = listener);
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
