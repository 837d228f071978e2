package dev.windlass.cli.command;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
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

    /**
     * Makes sure that all of some tasks are there, before anything is done to the first of them.
     *
     * @param undone what has not been done, for the message
     * @throws InvalidInputException naming those that are not
     */
    static void requireAll(Windlass windlass, List<String> ids, String undone) {
        var unknown = new ArrayList<String>();
        for (String id : ids) {
            if (of(windlass).get(id) == null) {
                unknown.add(id);
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidInputException("There is no task " + String.join(", ", unknown) + " at "
                    + windlass.location() + "; nothing was " + undone + ". Check the ids.");
        }
    }
}
