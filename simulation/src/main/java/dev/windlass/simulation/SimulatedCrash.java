package dev.windlass.simulation;

/**
 * Unwinds a thread whose process has crashed, or whose simulation has ended. Every later call of that thread into its
 * environment or store throws it again, so that what a {@code finally} block does has no effect on the world. An
 * error, so that code which handles failures does not take it for one.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimulatedCrash(String actor) {
        super("the simulated process " + actor + " is gone", null, false, false);
    }
}
