package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.queue.TaskInfo;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that pick tasks by what they have in common. */
final class TaskFilter {
    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type.")
    private @Nullable String type;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", converter = TagConverter.class, description = "Only tasks with this tag; repeat the option for several, all of which they must have.")
    private List<TagConverter.Tag> tags = List.of();

    @Option(names = "--parent", paramLabel = "ID", description = "Only tasks that belong to this one.")
    private @Nullable String parent;

    /** Whether one of them was given. */
    boolean isGiven() {
        return type != null || parent != null || !tags.isEmpty();
    }

    /** Whether a task has all that was asked for; any has where nothing was. */
    boolean matches(TaskInfo task) {
        return (type == null || type.equals(task.type())) && (parent == null || parent.equals(task.parent()))
                && tags.stream().allMatch(tag -> tag.value().equals(task.tags().get(tag.name())));
    }
}
