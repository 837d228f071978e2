package dev.windlass.cli.graph;

import java.util.List;

/**
 * One task of a {@link WorkflowGraph}.
 *
 * @param id unique in its graph
 * @param name what kind of work it is, for people; need not be unique
 * @param runtimeSeconds how long it ran when it was recorded, 0 if the recording does not say
 * @param parents ids of the tasks it waits for; kept without repeats, in the byte order of the ids
 */
public record GraphTask(String id, String name, double runtimeSeconds, List<String> parents) {

    /** Sorts the parents and drops repeats. What the values may be is checked by {@link WorkflowGraph#of}. */
    public GraphTask {
        parents = parents.stream().distinct().sorted(IdOrder.BYTES).toList();
    }
}
