package dev.windlass.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

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

    private SimulationOptions with(Consumer<SimulationOptions> change) {
        var copy = new SimulationOptions(this);
        change.accept(copy);
        return copy;
    }

    /** See the class. */
    public static SimulationOptions defaults() {
        return DEFAULTS;
    }

    /** How the store behaves. */
    public SimulationOptions withStore(StoreOptions options) {
        return with(copy -> copy.store = options);
    }

    /** Which faults the seed draws; a scenario can change it later. */
    public SimulationOptions withFaults(FaultMix mix) {
        return with(copy -> copy.faults = mix);
    }

    /** The true time at the beginning. */
    public SimulationOptions withStartTime(Instant start) {
        return with(copy -> copy.startTime = start);
    }

    /** The simulation fails if it takes longer than this by its own clock. */
    public SimulationOptions withMaxVirtualTime(Duration most) {
        return with(copy -> copy.maxVirtualTime = most);
    }

    /** The simulation fails if the scheduler has chosen more often than this. */
    public SimulationOptions withMaxSteps(long most) {
        return with(copy -> copy.maxSteps = most);
    }

    /** How many lines of trace are kept, the last ones. */
    public SimulationOptions withTraceLimit(int lines) {
        return with(copy -> copy.traceLimit = lines);
    }

    /** How probable it is, 0 to 1, that a wait on a monitor ends without a signal. */
    public SimulationOptions withSpuriousWakes(double probability) {
        return with(copy -> copy.spuriousWakes = probability);
    }

    /**
     * How probable it is, 0 to 1, that another thread may go first when a thread takes a lock that is free; 1 unless said
     * otherwise. Fewer such points make a history shorter, and long stretches of one thread probable.
     */
    public SimulationOptions withYields(double probability) {
        return with(copy -> copy.yields = probability);
    }

    /** An exception that leaves an actor's thread only ends that thread, as in production; it stands in the trace. */
    public SimulationOptions toleratingUncaught() {
        return with(copy -> copy.toleratesUncaught = true);
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
