package dev.windlass.cli.command;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass cancel}. */
@Command(name = "cancel", description = {
    "Cancel tasks. One that waits never runs; one that runs is asked to stop, within a heartbeat of its worker.",
    "Exit code 1 if one of them had ended before. If one is unknown, none is cancelled."}, footerHeading = "%nExample:%n", footer = "  windlass cancel 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --reason 'wrong address'")
final class CancelCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "The tasks' ids, as submit printed them.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private List<String> ids;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "cancelled by windlass cancel", description = "For the tasks' history (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Override
    int run(Windlass windlass) {
        var unknown = new ArrayList<String>();
        for (String id : ids) {
            if (Tasks.of(windlass).get(id) == null) {
                unknown.add(id);
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidInputException("There is no task " + String.join(", ", unknown) + " at "
                    + windlass.location() + "; nothing was cancelled. Check the ids.");
        }
        ArrayNode all = JsonText.array();
        int code = ExitCode.DONE;
        for (String id : ids) {
            boolean cancelled = Tasks.of(windlass).cancel(id, reason);
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
