package dev.windlass.cli.command;

import java.io.PrintWriter;

import dev.windlass.InvalidInputException;
import picocli.CommandLine.Option;

/** How many at most a command lists. */
final class ListLimit {
    private static final int MOST = 100_000;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many, 1 to 100000 (default: 100).")
    private int limit;

    /** Refuses what is out of bounds. */
    void check() {
        if (limit < 1 || limit > MOST) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 to " + MOST + ".");
        }
    }

    int most() {
        return limit;
    }

    /**
     * Says so where the list may go on.
     *
     * @param found how many were found
     * @param what they are, in the plural
     */
    void tellIfReached(PrintWriter err, int found, String what) {
        if (found == limit) {
            err.println("windlass: stopped at " + limit + " " + what + ", there may be more; --limit changes that");
        }
    }
}
