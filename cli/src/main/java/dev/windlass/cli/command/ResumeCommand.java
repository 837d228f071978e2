package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass resume}. */
@Command(name = "resume", description = {"Resume a queue that was paused, or one type of tasks in it.",
    "Types that were paused one by one stay so when the queue is resumed."}, footerHeading = "%nExample:%n", footer = "  windlass resume --queue emails")
final class ResumeCommand extends ConnectedCommand {
    @Option(names = "--queue", paramLabel = "Q", required = true, description = "The queue.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String queue;

    @Option(names = "--type", paramLabel = "T", description = "Only tasks of this type.")
    private @Nullable String type;

    @Override
    int run(Windlass windlass) {
        boolean was = type == null ? windlass.queue(queue).resume() : windlass.queue(queue).resumeType(type);
        if (json()) {
            print(JsonText.of(queue, windlass.queue(queue).pauses()).put("wasPaused", was));
        } else {
            print(queue + (type == null ? "" : ", type " + type) + (was ? "  resumed" : "  was not paused"));
        }
        return ExitCode.DONE;
    }
}
