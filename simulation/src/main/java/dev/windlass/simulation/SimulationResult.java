package dev.windlass.simulation;

import java.time.Duration;
import java.util.List;

/** What a simulation that ended well leaves. */
public final class SimulationResult {
    private final long seed;
    private final long steps;
    private final Duration virtualTime;
    private final Trace trace;

    SimulationResult(long seed, long steps, Duration virtualTime, Trace trace) {
        this.seed = seed;
        this.steps = steps;
        this.virtualTime = virtualTime;
        this.trace = trace;
    }

    /** What decided it. */
    public long seed() {
        return seed;
    }

    /** How often the scheduler chose a thread. */
    public long steps() {
        return steps;
    }

    /** How long it took by its own clock. */
    public Duration virtualTime() {
        return virtualTime;
    }

    /** A hash of every choice, request, outcome and instant: equal for equal histories. */
    public long fingerprint() {
        return trace.hash();
    }

    /** The last lines of the trace, at most {@link SimulationOptions#traceLimit()}. */
    public List<String> trace() {
        return trace.last(Integer.MAX_VALUE);
    }
}
