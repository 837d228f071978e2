package dev.windlass.simulation.mutant;

import java.util.List;
import java.util.function.LongFunction;

import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.SimulationFailure;
import dev.windlass.simulation.workload.Histories;

/**
 * Plays one history, on the side of a mutant's classes: only types of the platform pass between it and the trial. Answers
 * nothing if the history is good; otherwise what does not hold, and why.
 */
final class Player implements LongFunction<List<String>> {

    @Override
    public List<String> apply(long seed) {
        try {
            Histories.play(seed);
            return List.of();
        } catch (SimulationFailure failure) {
            return List.of(kind(failure), failure.reason());
        }
    }

    private static String kind(SimulationFailure failure) {
        Invariant invariant = failure.invariant();
        if (invariant != null) {
            return invariant.name();
        }
        String reason = failure.reason();
        return reason.startsWith("deadlock")
                ? "deadlock"
                : reason.startsWith("more than ") || reason.contains("for ever") ? "bound" : "exception";
    }
}
