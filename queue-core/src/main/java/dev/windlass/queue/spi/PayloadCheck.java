package dev.windlass.queue.spi;

import tools.jackson.databind.JsonNode;

/**
 * Looks at the inputs and results of applications' tasks before anything of them is stored: given to
 * {@link dev.windlass.Windlass.Builder#check}. Those of engines' tasks are not looked at.
 *
 * <p>Called by any number of threads at once, on the thread that submits or that has run the handler.
 */
public interface PayloadCheck {

    /** Makes a check for each connection. */
    @FunctionalInterface
    interface Factory {
        /**
         * For a connection; called once, before the connection is used.
         *
         * @param access the connection, for what the check has to read
         */
        PayloadCheck on(EngineAccess access);
    }

    /**
     * Looks at an input, when its task is submitted or its schedule created.
     *
     * @param type the name of the task's type
     * @param input the input as JSON
     * @throws dev.windlass.InvalidInputException if it cannot be accepted; nothing is written then
     */
    void input(String type, JsonNode input);

    /**
     * Looks at a result, when its task is to be completed.
     *
     * @param type the name of the task's type
     * @param output the result as JSON; the node of null if there is none
     * @throws dev.windlass.InvalidInputException if it cannot be accepted; the task fails for good then, or who completes
     *             it by hand is told, and goes on holding it
     */
    void output(String type, JsonNode output);
}
