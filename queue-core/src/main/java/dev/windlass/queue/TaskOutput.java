package dev.windlass.queue;

import java.util.List;

/**
 * Lines that an attempt has printed: see {@link TaskContext#print}. Immutable.
 *
 * @param attempt which attempt; 0 if there is none yet
 * @param parts how many objects of lines have been read; for {@link TaskHandle#output(TaskOutput)}
 * @param lines the lines, in order
 */
public record TaskOutput(int attempt, int parts, List<String> lines) {

    /** Copies the list. */
    public TaskOutput {
        lines = List.copyOf(lines);
    }
}
