package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.CancelReport;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass cancel}. */
@Command(name = "cancel", description = {
    "Cancel tasks, by their ids or by what they have in common. One that waits never runs; one that runs is asked to stop, within a heartbeat of its worker.",
    "Exit code 1 if one that was named had ended before. If one is unknown, none is cancelled."}, footerHeading = "%nExample:%n", footer = {
        "  windlass cancel 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --reason 'wrong address'",
        "  windlass cancel --queue emails --type newsletter --tag customer=17 --by ada"})
final class CancelCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "The tasks' ids, as submit printed them.")
    private List<String> ids = List.of();

    @Option(names = "--queue", paramLabel = "Q", description = "Instead of ids: the tasks of this queue that wait or run, and match --type, --tag and --parent.")
    private @Nullable String queue;

    @Mixin
    private TaskFilter filter = new TaskFilter();

    @Option(names = "--all", description = "With --queue alone: all tasks of the queue.")
    private boolean wholeQueue;

    @Option(names = "--by", paramLabel = "NAME", description = "Who cancels.")
    private @Nullable String by;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "cancelled by windlass cancel", description = "For the tasks' history (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Override
    void prepare() {
        boolean filtered = filter.isGiven();
        if (ids.isEmpty() && queue == null) {
            throw new InvalidInputException(
                    "Neither ids nor a queue are given. Name the tasks to cancel, or use --queue.");
        }
        if (!ids.isEmpty() && (queue != null || filtered || wholeQueue)) {
            throw new InvalidInputException(
                    "Both ids and a filter are given. Name the tasks, or say by --queue, --type, --tag, --parent which.");
        }
        if (queue != null && filtered == wholeQueue) {
            throw new InvalidInputException(filtered
                    ? "Both --all and a filter are given. Give one of them."
                    : "All tasks of the queue \"" + queue + "\" would be cancelled. Say so by --all, or filter them by"
                            + " --type, --tag or --parent.");
        }
    }

    private int cancelAll(Windlass windlass, String name) {
        CancelReport report = windlass.queue(name).cancelAll(filter::matches, reason, by);
        if (json()) {
            print(JsonText.object().put("cancelled", report.cancelled()).put("asked", report.asked())
                    .put("endedBefore", report.endedBefore()));
        } else {
            print(report.cancelled() + " cancelled, " + report.asked() + " asked to stop"
                    + (report.endedBefore() == 0 ? "" : ", " + report.endedBefore() + " had ended before"));
        }
        return ExitCode.DONE;
    }

    @Override
    int run(Windlass windlass) {
        if (queue != null) {
            return cancelAll(windlass, queue);
        }
        Tasks.requireAll(windlass, ids, "cancelled");
        ArrayNode all = JsonText.array();
        int code = ExitCode.DONE;
        for (String id : ids) {
            boolean cancelled = Tasks.of(windlass).cancel(id, reason, by);
            TaskInfo task = Tasks.get(windlass, id);
            if (!cancelled) {
                code = ExitCode.FAILED;
            }
            all.add(JsonText.object().put("id", id).put("status", task.status().name())
                    .put("cancelRequested", task.cancelRequested()).put("accepted", cancelled));
            if (!json()) {
                print(id + "  " + (!cancelled
                        ? "had ended before: " + JsonText.word(task)
                        : task.status() == TaskStatus.CANCELLED ? "cancelled" : "asked to stop"));
            }
        }
        if (json()) {
            print(all);
        }
        return code;
    }
}
