package dev.windlass.simulation;

/** The driver of a simulation: it starts actors, breaks things, lets time pass, and asserts. */
@FunctionalInterface
public interface Scenario {

    /**
     * Runs on a simulated thread that belongs to no actor. When it returns, the simulation ends.
     *
     * @param sim the world
     * @throws Exception any: the simulation fails with it
     */
    void run(Simulation sim) throws Exception;
}
