package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private TaskFilter filter = new TaskFilter();

    @Mixin
    private ListLimit limit = new ListLimit();

    @Override
    void prepare() {
        limit.check();
    }

    @Override
    int run(Windlass windlass) {
        List<TaskInfo> found = windlass.find(this::isWanted, limit.most());
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
        limit.tellIfReached(err(), found.size(), "tasks");
        return ExitCode.DONE;
    }

    private boolean isWanted(TaskInfo task) {
        return (queue == null || queue.equals(task.queue())) && (status == null || status == task.status())
                && filter.matches(task);
    }
}
