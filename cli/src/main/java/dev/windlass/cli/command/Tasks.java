package dev.windlass.cli.command;

import dev.windlass.TaskNotFoundException;
import dev.windlass.Windlass;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import tools.jackson.databind.JsonNode;

/** Tasks by id. An id names a task in the whole store, so any queue's object finds it. */
final class Tasks {
    /** Whatever the type is, results are shown as JSON. */
    static final TaskType<JsonNode, JsonNode> ANY = TaskType.of("any", JsonNode.class, JsonNode.class);

    private Tasks() {
    }

    static TaskQueue of(Windlass windlass) {
        return windlass.queue("any");
    }

    /**
     * Reads a task.
     *
     * @throws TaskNotFoundException if there is none
     */
    static TaskInfo get(Windlass windlass, String id) {
        return of(windlass).handle(ANY, id).get();
    }
}
