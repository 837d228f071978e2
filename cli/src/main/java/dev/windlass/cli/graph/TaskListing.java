package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.List;

/** The tasks of a graph in the making, numbered as they come. Not safe for use by several threads. */
final class TaskListing {
    private final List<GraphTask> tasks = new ArrayList<>();

    /** Adds a task and gives its id. */
    String add(String name, double runtimeSeconds, List<String> parents) {
        String id = String.format("%s_%06d", name, tasks.size() + 1);
        tasks.add(new GraphTask(id, name, runtimeSeconds, parents));
        return id;
    }

    String add(String name, double runtimeSeconds, String... parents) {
        return add(name, runtimeSeconds, List.of(parents));
    }

    List<GraphTask> tasks() {
        return tasks;
    }
}
