package dev.windlass.simulation;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A simulation has failed. The message carries the seed, the reason, where each thread waited, and the last part of the
 * trace.
 */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private static final int TRACE_LINES = 60;

    private final long seed;
    private final @Nullable Invariant invariant;
    private final String reason;
    @SuppressWarnings("serial") // an unmodifiable list of strings
    private final List<String> trace;

    private SimulationFailure(long seed, @Nullable Invariant invariant, String reason, List<String> trace,
            String message, @Nullable Throwable cause) {
        super(message, cause);
        this.seed = seed;
        this.invariant = invariant;
        this.reason = reason;
        this.trace = trace;
    }

    static SimulationFailure of(long seed, @Nullable Invariant invariant, String reason, @Nullable Throwable cause,
            Scheduler world) {
        StringBuilder text = new StringBuilder(2_000);
        text.append(summary(invariant, reason)).append("\nseed ").append(seed).append(", after ").append(world.steps())
                .append(" steps and ")
                .append(Duration.ofNanos(world.now())).append(" of virtual time\nthreads:");
        world.whereabouts().forEach(line -> text.append("\n    ").append(line));
        text.append("\nlast of the trace:");
        world.trace.last(TRACE_LINES).forEach(line -> text.append("\n    ").append(line));
        return new SimulationFailure(seed, invariant, reason, world.trace.last(Integer.MAX_VALUE), text.toString(),
                cause);
    }

    /** The invariant that does not hold; null if it is something else: an exception, a deadlock, a bound passed. */
    public @Nullable Invariant invariant() {
        return invariant;
    }

    /** The invariant by its id, its rule, and what is wrong, in a line. */
    public String summary() {
        return summary(invariant, reason);
    }

    private static String summary(@Nullable Invariant invariant, String reason) {
        return invariant == null ? reason : invariant + " does not hold (" + invariant.rule() + "): " + reason;
    }

    /** What happened, as far as it was kept: {@link SimulationOptions#traceLimit()}. */
    public List<String> trace() {
        return trace;
    }

    /** What is wrong, in a sentence. */
    public String reason() {
        return reason;
    }

    /** The seed that reproduces it. */
    public long seed() {
        return seed;
    }
}
