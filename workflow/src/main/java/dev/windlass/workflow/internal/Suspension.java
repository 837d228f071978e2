package dev.windlass.workflow.internal;

/**
 * Unwinds the thread of a durable function whose run is given up here: it will run again from its start. Not for anybody to
 * catch; a function that does is stopped at the next thing that it asks for.
 */
final class Suspension extends Error {
    private static final long serialVersionUID = 1L;

    Suspension() {
        super("this durable function is put aside, and will run again", null, false, false);
    }
}
