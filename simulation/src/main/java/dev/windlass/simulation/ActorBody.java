package dev.windlass.simulation;

/** What a thread of an actor runs. */
@FunctionalInterface
public interface ActorBody {

    /**
     * Runs on a simulated thread of the actor.
     *
     * @throws Exception any: the simulation fails with it, unless {@link SimulationOptions#toleratingUncaught()}
     */
    void run() throws Exception;
}
