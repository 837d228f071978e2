package dev.windlass.workflow.internal;

import java.util.Set;

/** What a function's thread may ask of its owner's, and needs to know of the run. */
interface FunctionAsk {

    /** Hands over what the function asks for; false if the function is to be put aside. */
    boolean ask(Op op);

    /** The function begins to wait for one of these. */
    void waits();

    /** Pauses the run for a reason, since what is recorded does not fit. */
    void pause(String reason);

    /** Whether the function is to unwind. */
    boolean isSuspended();

    /** The last position of which something was recorded when this owner began; -1 if nothing was. */
    int lastPosition();

    /** The names, as segments of keys, under which something was recorded when this owner began. */
    Set<String> recorded();
}
