package dev.windlass.cli.command;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.DeadLetter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass dead-letters}. */
@Command(name = "dead-letters", description = "List the tasks that failed for good, and those that nobody can read, the latest first.", footerHeading = "%nExample:%n", footer = "  windlass dead-letters --queue emails --limit 20")
final class DeadLettersCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", description = "Only these queues; repeat the option for several (default: all).")
    private @Nullable List<String> queues;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many of each queue, 1 to 100000 (default: 100).")
    private int limit;

    @Override
    int run(Windlass windlass) {
        var letters = new ArrayList<DeadLetter>();
        for (String queue : queues == null ? windlass.queuesWithDeadLetters() : queues) {
            letters.addAll(windlass.queue(queue).deadLetters(limit));
        }
        if (json()) {
            ArrayNode all = JsonText.array();
            letters.forEach(letter -> all.add(JsonText.object().put("id", letter.taskId()).put("queue", letter.queue())
                    .put("type", letter.type()).put("error", letter.error()).put("at", JsonText.time(letter.at()))));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("ID", "QUEUE", "TYPE", "AT", "ERROR");
        letters.forEach(letter -> table.row(letter.taskId(), letter.queue(), letter.type(), letter.at(),
                letter.error()));
        table.print(out());
        return ExitCode.DONE;
    }
}
