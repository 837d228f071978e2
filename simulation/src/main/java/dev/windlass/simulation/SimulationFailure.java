package dev.windlass.simulation;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A simulation has failed. The message carries the seed, the reason, where each thread waited, and the last part of the
 * trace.
 */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private static final int TRACE_LINES = 60;

    private final long seed;

    private SimulationFailure(long seed, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.seed = seed;
    }

    static SimulationFailure of(long seed, String reason, @Nullable Throwable cause, Scheduler world) {
        StringBuilder text = new StringBuilder(2_000);
        text.append(reason).append("\nseed ").append(seed).append(", after ").append(world.steps())
                .append(" steps and ")
                .append(Duration.ofNanos(world.now())).append(" of virtual time; run it again with Simulation.run(")
                .append(seed).append("L, …)\nthreads:");
        world.whereabouts().forEach(line -> text.append("\n    ").append(line));
        text.append("\nlast of the trace:");
        world.trace.last(TRACE_LINES).forEach(line -> text.append("\n    ").append(line));
        return new SimulationFailure(seed, text.toString(), cause);
    }

    /** The seed that reproduces it. */
    public long seed() {
        return seed;
    }
}
