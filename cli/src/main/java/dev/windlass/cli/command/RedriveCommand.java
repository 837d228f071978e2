package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.DeadLetter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass redrive}. */
@Command(name = "redrive", description = {
    "Let tasks that failed, expired or were cancelled begin anew, with all their attempts: by their ids, or the dead letters of a queue.",
    "Exit code 1 if one that was named has not ended, or is completed. If one is unknown, none is redriven."}, footerHeading = "%nExample:%n", footer = {
        "  windlass redrive 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --reason 'the address is mended'",
        "  windlass redrive --queue emails --type newsletter --limit 100"})
final class RedriveCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "The tasks' ids, as submit printed them.")
    private List<String> ids = List.of();

    @Option(names = "--queue", paramLabel = "Q", description = "Instead of ids: the failed tasks of this queue, the latest first.")
    private @Nullable String queue;

    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type.")
    private @Nullable String type;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "Looks at so many dead letters, 1 to 100000 (default: 1000).")
    private int limit;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "redriven by windlass redrive", description = "For the tasks' history (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Override
    void prepare() {
        if (ids.isEmpty() == (queue == null)) {
            throw new InvalidInputException(ids.isEmpty()
                    ? "Neither ids nor a queue are given. Name the tasks to redrive, or use --queue."
                    : "Both ids and a queue are given. Give one of them.");
        }
        if (queue == null && type != null) {
            throw new InvalidInputException("--type goes with --queue. Leave it out, or name the queue.");
        }
    }

    @Override
    int run(Windlass windlass) {
        return queue == null ? redriveNamed(windlass) : redriveAll(windlass, queue);
    }

    private int redriveNamed(Windlass windlass) {
        Tasks.requireAll(windlass, ids, "redriven");
        ArrayNode all = JsonText.array();
        int code = ExitCode.DONE;
        for (String id : ids) {
            boolean redriven = Tasks.of(windlass).redrive(id, reason);
            var task = Tasks.get(windlass, id);
            code = redriven ? code : ExitCode.FAILED;
            all.add(JsonText.object().put("id", id).put("redriven", redriven).put("status", task.status().name()));
            if (!json()) {
                print(id + (redriven ? "  redriven" : "  left alone: it is " + JsonText.word(task)));
            }
        }
        if (json()) {
            print(all);
        }
        return code;
    }

    private int redriveAll(Windlass windlass, String name) {
        int redriven = 0;
        for (DeadLetter letter : windlass.queue(name).deadLetters(limit)) {
            if (letter.type() != null && (type == null || type.equals(letter.type()))
                    && Tasks.of(windlass).get(letter.taskId()) != null
                    && Tasks.of(windlass).redrive(letter.taskId(), reason)) {
                redriven++;
            }
        }
        if (json()) {
            print(JsonText.object().put("redriven", redriven));
        } else {
            print(redriven + " redriven");
        }
        return ExitCode.DONE;
    }
}
