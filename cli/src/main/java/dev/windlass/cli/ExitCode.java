package dev.windlass.cli;

/** What the command's exit codes mean; scripts depend on them. */
public final class ExitCode {
    /** Done. */
    public static final int DONE = 0;
    /** The work failed. */
    public static final int FAILED = 1;
    /** Wrong usage or bad input; nothing was done. */
    public static final int BAD_INPUT = 2;
    /** The store does not answer, or refuses. */
    public static final int STORE = 3;
    /** There is nothing to claim, and nothing that may come back: the queue is drained. */
    public static final int DRAINED = 10;
    /** Nothing can be claimed now, but there are tasks: running ones, later ones, ones of other types. */
    public static final int NOTHING_NOW = 11;
    /** Interrupted, as by Ctrl-C. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {
    }
}
