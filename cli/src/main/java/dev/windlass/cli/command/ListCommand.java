package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass list}. */
@Command(name = "list", description = {"List tasks, oldest first.",
    "Reads task after task until enough match: for people and small stores."}, footerHeading = "%nExample:%n", footer = "  windlass list --queue emails --status failed --limit 20")
final class ListCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", description = "Only tasks of this queue.")
    private @Nullable String queue;

    @Option(names = "--status", paramLabel = "S", description = "Only tasks with this status: pending, running, completed, failed, cancelled, expired.")
    private @Nullable TaskStatus status;

    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type.")
    private @Nullable String type;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", converter = TagConverter.class, description = "Only tasks with this tag; repeat the option for several, all of which they must have.")
    private List<TagConverter.Tag> tags = List.of();

    @Option(names = "--parent", paramLabel = "ID", description = "Only tasks that belong to this one.")
    private @Nullable String parent;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many, 1 to 100000 (default: 100).")
    private int limit;

    @Override
    void prepare() {
        if (limit < 1 || limit > 100_000) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 to 100000.");
        }
    }

    @Override
    int run(Windlass windlass) {
        List<TaskInfo> found = windlass.find(this::isWanted, limit);
        if (json()) {
            ArrayNode all = JsonText.array();
            found.forEach(task -> all.add(JsonText.of(task)));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("ID", "QUEUE", "TYPE", "STATUS", "ATTEMPT", "SUBMITTED");
        found.forEach(task -> table.row(task.id(), task.queue(), task.type(), JsonText.word(task), task.attempt(),
                task.createdAt()));
        table.print(out());
        if (found.size() == limit) {
            err().println("windlass: stopped at " + limit + " tasks, there may be more; --limit changes that");
        }
        return ExitCode.DONE;
    }

    private boolean isWanted(TaskInfo task) {
        return (queue == null || queue.equals(task.queue())) && (status == null || status == task.status())
                && (type == null || type.equals(task.type())) && (parent == null || parent.equals(task.parent()))
                && tags.stream().allMatch(tag -> tag.value().equals(task.tags().get(tag.name())));
    }
}
