package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass history}. */
@Command(name = "history", description = "Show what happened to a task, oldest first; the last 20 events are kept.", footerHeading = "%nExample:%n", footer = "  windlass history 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b")
final class HistoryCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", description = "The task's id, as submit printed it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Override
    int run(Windlass windlass) {
        TaskInfo task = Tasks.get(windlass, id);
        if (json()) {
            ArrayNode all = JsonText.array();
            task.history().forEach(transition -> all.add(JsonText.of(transition)));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("TIME", "EVENT", "ATTEMPT", "WORKER", "CAUSE");
        task.history().forEach(transition -> table.row(transition.at(), transition.event(),
                transition.attempt() == 0 ? null : transition.attempt(), transition.worker(), transition.cause()));
        table.print(out());
        return ExitCode.DONE;
    }
}
