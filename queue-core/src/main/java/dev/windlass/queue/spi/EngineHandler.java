package dev.windlass.queue.spi;

import tools.jackson.databind.JsonNode;

/**
 * Runs tasks of an engine. Unlike an application's handler it decides itself how its task goes on: completes, fails,
 * parks. Registered with {@link dev.windlass.queue.Worker.Builder#engine}. Called on a thread of its own for each
 * claim, by any number of threads at once.
 */
public interface EngineHandler {

    /**
     * Whether this worker can run a task, asked when its body has been read and before it is claimed. A task that is not
     * accepted is left to other workers, and nothing counts against it. Called often: it makes no request.
     *
     * @param type the name of its type
     * @param input its input
     * @return true unless an engine says otherwise
     */
    default boolean accepts(String type, JsonNode input) {
        return true;
    }

    /**
     * Runs one claim.
     *
     * @param claim the task, and the claim on it
     * @return how it goes on
     * @throws Exception counts as a failure: the task is tried again as its retry policy says, and finalised once its
     *             attempts are used up
     */
    EngineOutcome execute(EngineClaim claim) throws Exception;

    /**
     * The last claim of a task whose attempts are used up. Runs no user code: records the outcome for whoever waits for
     * it, and answers {@link EngineOutcome.Fail}.
     *
     * @param claim the task, and the claim on it
     * @return how it ends
     * @throws Exception the finaliser will be tried again, by this or another worker
     */
    EngineOutcome finalise(EngineClaim claim) throws Exception;
}
