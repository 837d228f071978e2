package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;

/**
 * The frame of a simulation. Immutable; {@link #defaults()}: a well-mannered store without faults, at most 10,000,000
 * steps and 400 days, an exception that leaves an actor's thread fails the simulation, 10,000 lines of trace are kept.
 */
public final class SimulationOptions {
    private static final SimulationOptions DEFAULTS = new SimulationOptions();

    StoreOptions store = StoreOptions.defaults();
    FaultMix faults = FaultMix.none();
    Instant startTime = Instant.parse("2030-01-01T00:00:00Z");
    Duration maxVirtualTime = Duration.ofDays(400);
    long maxSteps = 10_000_000;
    int traceLimit = 10_000;
    double spuriousWakes;
    double yields = 1;
    boolean toleratesUncaught;

    private SimulationOptions() {
    }

    private SimulationOptions(SimulationOptions other) {
        store = other.store;
        faults = other.faults;
        startTime = other.startTime;
        maxVirtualTime = other.maxVirtualTime;
        maxSteps = other.maxSteps;
        traceLimit = other.traceLimit;
        spuriousWakes = other.spuriousWakes;
        yields = other.yields;
        toleratesUncaught = other.toleratesUncaught;
    }

    /** See the class. */
    public static SimulationOptions defaults() {
        return DEFAULTS;
    }

    /** How the store behaves. */
    public SimulationOptions withStore(StoreOptions options) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.store = options;
        return copy;
    }

    /** Which faults the seed draws; a scenario can change it later. */
    public SimulationOptions withFaults(FaultMix mix) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.faults = mix;
        return copy;
    }

    /** The true time at the beginning. */
    public SimulationOptions withStartTime(Instant start) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.startTime = start;
        return copy;
    }

    /** The simulation fails if it takes longer than this by its own clock. */
    public SimulationOptions withMaxVirtualTime(Duration most) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.maxVirtualTime = most;
        return copy;
    }

    /** The simulation fails if the scheduler has chosen more often than this. */
    public SimulationOptions withMaxSteps(long most) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.maxSteps = most;
        return copy;
    }

    /** How many lines of trace are kept, the last ones. */
    public SimulationOptions withTraceLimit(int lines) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.traceLimit = lines;
        return copy;
    }

    /** How probable it is, 0 to 1, that a wait on a monitor ends without a signal. */
    public SimulationOptions withSpuriousWakes(double probability) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.spuriousWakes = probability;
        return copy;
    }

    /**
     * How probable it is, 0 to 1, that another thread may go first when a thread takes a lock that is free; 1 unless said
     * otherwise. Fewer such points make a history shorter, and long stretches of one thread probable.
     */
    public SimulationOptions withYields(double probability) {
        SimulationOptions copy = new SimulationOptions(this);
        copy.yields = probability;
        return copy;
    }

    /** An exception that leaves an actor's thread only ends that thread, as in production; it stands in the trace. */
    public SimulationOptions toleratingUncaught() {
        SimulationOptions copy = new SimulationOptions(this);
        copy.toleratesUncaught = true;
        return copy;
    }

    /** How the store behaves. */
    public StoreOptions store() {
        return store;
    }

    /** How many lines of trace are kept. */
    public int traceLimit() {
        return traceLimit;
    }
}
