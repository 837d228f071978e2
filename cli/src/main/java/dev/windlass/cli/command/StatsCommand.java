package dev.windlass.cli.command;

import java.util.List;
import java.util.Locale;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.QueueStats;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass stats}. */
@Command(name = "stats", description = {"Count what waits, queue by queue.",
    "Tasks that run or have ended are not counted; list shows them."}, footerHeading = "%nExample:%n", footer = "  windlass stats --queue emails")
final class StatsCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", description = "Only these queues; repeat the option for several (default: all in which something waits).")
    private @Nullable List<String> queues;

    @Override
    int run(Windlass windlass) {
        List<QueueStats> counted = (queues == null ? windlass.queues() : queues).stream()
                .map(queue -> windlass.queue(queue).stats()).toList();
        if (json()) {
            ArrayNode all = JsonText.array();
            counted.forEach(queue -> {
                var json = JsonText.object().put("queue", queue.queue()).put("due", queue.due()).put("scheduled",
                        queue.scheduled());
                if (queue.oldestDue() == null) {
                    json.putNull("oldestDueSeconds");
                } else {
                    json.put("oldestDueSeconds", queue.oldestDue().toMillis() / 1e3);
                }
                all.add(json);
            });
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("QUEUE", "DUE", "SCHEDULED", "OLDEST DUE");
        counted.forEach(queue -> table.row(queue.queue(), queue.due(), queue.scheduled(), queue.oldestDue() == null
                ? null
                : String.format(Locale.ROOT, "%.1f s", queue.oldestDue().toMillis() / 1e3)));
        table.print(out());
        return ExitCode.DONE;
    }
}
