package dev.windlass.cli.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.cli.Problems;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Takes from a WfFormat file what a graph needs, token by token: commands, files and machines are most of a file and
 * are passed over. What has the wrong JSON type becomes a problem with its line. Used once, by one thread.
 */
final class WfFormatParser {
    private final JsonParser json;
    private final Problems problems;
    private final RawWorkflow raw = new RawWorkflow();

    WfFormatParser(JsonParser json, Problems problems) {
        this.json = json;
        this.problems = problems;
    }

    RawWorkflow parse() {
        if (json.nextToken() == null) {
            problems.add("the file is empty; a WfFormat graph is a JSON object");
            return raw;
        }
        object("the file", field -> {
            switch (field) {
                case "schemaVersion" -> raw.schemaVersion = text("schemaVersion");
                case "name" -> raw.name = text("name");
                case "workflow" -> raw.hasWorkflow = object("workflow", this::workflow);
                default -> json.skipChildren();
            }
        });
        if (json.nextToken() != null) {
            problems.add("there is more after the end of the JSON object" + line());
        }
        return raw;
    }

    private void workflow(String field) {
        switch (field) {
            case "jobs", "tasks" -> {
                if (raw.flatTasks != null) {
                    problems.add("workflow has both jobs and tasks; a schema has one of them");
                }
                raw.flatTasks = tasks("workflow." + field);
            }
            case "specification" -> raw.hasSpecification = object("workflow.specification", part -> {
                if (part.equals("tasks")) {
                    raw.specifiedTasks = tasks("workflow.specification.tasks");
                } else {
                    json.skipChildren();
                }
            });
            case "execution" -> object("workflow.execution", part -> {
                if (part.equals("tasks")) {
                    executedTasks();
                } else {
                    json.skipChildren();
                }
            });
            default -> json.skipChildren();
        }
    }

    private List<RawWorkflow.Task> tasks(String where) {
        List<RawWorkflow.Task> tasks = new ArrayList<>();
        array(where, () -> tasks.add(task(where, tasks.size() + 1)));
        return tasks;
    }

    private RawWorkflow.Task task(String where, int place) {
        var task = new RawWorkflow.Task(place);
        String here = where + "[" + (place - 1) + "]";
        object(here, field -> {
            switch (field) {
                case "id" -> task.id = text(here + ".id");
                case "name" -> task.name = text(here + ".name");
                case "runtime", "runtimeInSeconds" -> task.runtime = number(here + "." + field);
                case "parents" -> texts(here + ".parents", task.parents);
                case "children" -> texts(here + ".children", task.children);
                default -> json.skipChildren();
            }
        });
        return task;
    }

    private void executedTasks() {
        String where = "workflow.execution.tasks";
        int[] count = {0};
        array(where, () -> {
            RawWorkflow.Task task = task(where, ++count[0]);
            if (task.id == null) {
                problems.add(where + "[" + (count[0] - 1) + "] has no id");
            } else if (raw.runtimes.putIfAbsent(task.id, task.runtime) != null) {
                problems.add("task " + Problems.quote(task.id) + " is twice in " + where);
            }
        });
    }

    /** Reads an object field by field; the action must leave the parser at the end of the field's value. */
    private boolean object(String where, Consumer<String> onField) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            wrongType(where, "an object");
            return false;
        }
        for (String field = json.nextName(); field != null; field = json.nextName()) {
            json.nextToken();
            onField.accept(field);
        }
        return true;
    }

    private void array(String where, Runnable onElement) {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            wrongType(where, "an array");
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            onElement.run();
        }
    }

    private void texts(String where, List<String> into) {
        array(where, () -> {
            String text = text(where);
            if (text != null) {
                into.add(text);
            }
        });
    }

    private @Nullable String text(String where) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getString();
        }
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            wrongType(where, "a string");
        }
        return null;
    }

    private double number(String where) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return json.getDoubleValue();
        }
        if (token != JsonToken.VALUE_NULL) {
            wrongType(where, "a number");
        }
        return 0;
    }

    private void wrongType(String where, String wanted) {
        problems.add(where + " must be " + wanted + line());
        json.skipChildren();
    }

    private String line() {
        return " (line " + json.currentTokenLocation().getLineNr() + ")";
    }
}
