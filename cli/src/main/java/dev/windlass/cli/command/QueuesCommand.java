package dev.windlass.cli.command;

import java.util.List;
import java.util.TreeMap;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.PauseState;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass queues}. */
@Command(name = "queues", description = {
    "List the queues in which something waits or is paused, with what is paused and why.",
    "stats counts what waits in them."}, footerHeading = "%nExample:%n", footer = "  windlass queues")
final class QueuesCommand extends ConnectedCommand {
    @Override
    int run(Windlass windlass) {
        List<String> queues = windlass.queues();
        ArrayNode all = JsonText.array();
        Table table = table("QUEUE", "PAUSED", "BY", "SINCE", "REASON");
        for (String queue : queues) {
            PauseState state = windlass.queue(queue).pauses();
            all.add(JsonText.of(queue, state));
            PauseState.Pause whole = state.queue();
            if (whole != null) {
                table.row(queue, "all", whole.by(), whole.at(), whole.reason());
            } else if (state.isNone()) {
                table.row(queue, null, null, null, null);
            }
            new TreeMap<>(state.types()).forEach(
                    (type, pause) -> table.row(queue, "type " + type, pause.by(), pause.at(), pause.reason()));
        }
        if (json()) {
            print(all);
        } else {
            table.print(out());
        }
        return ExitCode.DONE;
    }
}
