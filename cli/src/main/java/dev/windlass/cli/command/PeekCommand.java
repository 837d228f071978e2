package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass peek}. */
@Command(name = "peek", description = "Show what waits in a queue, in the order in which it would be claimed; claims nothing.", footerHeading = "%nExample:%n", footer = "  windlass peek --queue emails --count 3")
final class PeekCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", required = true, description = "The queue.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String queue;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10", description = "At most so many, 1 to 1000 (default: 10).")
    private int count;

    @Override
    int run(Windlass windlass) {
        List<TaskInfo> waiting = windlass.queue(queue).peek(count);
        if (json()) {
            ArrayNode all = JsonText.array();
            waiting.forEach(task -> all.add(JsonText.of(task)));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("ID", "TYPE", "PRIORITY", "DUE", "ATTEMPTS", "FAILURES");
        waiting.forEach(task -> table.row(task.id(), task.type(), task.priority(), task.dueAt(), task.attempt(),
                task.failures()));
        table.print(out());
        return ExitCode.DONE;
    }
}
