package dev.windlass.cli.command;

import java.time.Duration;

import dev.windlass.queue.ClaimedTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass requeue}. */
@Command(name = "requeue", description = {
    "Give a claimed task back, without counting a failure; with a delay, as a reschedule. Safe to repeat.",
    "Exit code 1 if the claim is lost; nothing is recorded then."}, footerHeading = "%nExample:%n", footer = "  windlass requeue 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --token 0png8g49q21f2rtg --delay 10m")
final class RequeueCommand extends HeldTaskCommand {
    @Option(names = "--delay", paramLabel = "D", defaultValue = "0s", converter = DurationConverter.class, description = "How long nobody may claim it (default: 0s).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private Duration delay;

    @Override
    int run(ClaimedTask task) {
        return done(task.requeue(delay));
    }
}
