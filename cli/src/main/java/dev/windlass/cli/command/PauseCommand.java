package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass pause}. */
@Command(name = "pause", description = {
    "Pause a queue, or one type of tasks in it: nothing of it is claimed until it is resumed, also after restarts.",
    "What runs goes on. Workers see it within a poll."}, footerHeading = "%nExample:%n", footer = "  windlass pause --queue emails --reason 'the provider is down' --by ada")
final class PauseCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", required = true, description = "The queue.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String queue;

    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type (default: all).")
    private @Nullable String type;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, for whoever asks.")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Option(names = "--by", paramLabel = "NAME", description = "Who pauses it.")
    private @Nullable String by;

    @Override
    int run(Windlass windlass) {
        if (type == null) {
            windlass.queue(queue).pause(reason, by);
        } else {
            windlass.queue(queue).pauseType(type, reason, by);
        }
        if (json()) {
            print(JsonText.of(queue, windlass.queue(queue).pauses()));
        } else {
            print(queue + (type == null ? "" : ", type " + type) + "  paused");
        }
        return ExitCode.DONE;
    }
}
