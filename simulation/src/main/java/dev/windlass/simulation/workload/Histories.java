package dev.windlass.simulation.workload;

import dev.windlass.simulation.SimulationFailure;
import dev.windlass.simulation.SimulationResult;

/** Plays histories: the way in for tests and commands. Safe for use by any number of threads, one history on each. */
public final class Histories {

    private Histories() {
    }

    /**
     * Plays what a seed draws.
     *
     * @throws SimulationFailure if an invariant does not hold, or a bound is passed
     */
    public static SimulationResult play(long seed) {
        return play(Plan.draw(seed));
    }

    /**
     * Plays a plan.
     *
     * @throws SimulationFailure if an invariant does not hold, or a bound is passed
     */
    public static SimulationResult play(Plan plan) {
        return switch (plan.subject()) {
            case TASKS -> QueueHistory.play(plan);
            case RUNS -> RunHistory.play(plan);
            case SCHEDULES -> ScheduleHistory.play(plan);
            case FUNCTIONS -> FunctionHistory.play(plan);
            case OPTIONS -> OptionHistory.play(plan);
        };
    }
}
