package dev.windlass.cli.command;

import java.time.Duration;

import dev.windlass.cli.ExitCode;
import dev.windlass.queue.ClaimedTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass extend}. */
@Command(name = "extend", description = {
    "Let a claim last longer, or shorter: so long from now. Says whether somebody has asked to cancel the task.",
    "Exit code 1 if the claim is lost."}, footerHeading = "%nExample:%n", footer = "  windlass extend 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --token 0png8g49q21f2rtg --lease 5m")
final class ExtendCommand extends HeldTaskCommand {
    @Option(names = "--lease", paramLabel = "D", required = true, converter = DurationConverter.class, description = "How long from now, 1s to 1h.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private Duration lease;

    @Override
    int run(ClaimedTask task) {
        ClaimedTask.Lease extended = task.extend(lease);
        String cancel = extended.cancelReason();
        if (json()) {
            print(JsonText.object().put("id", task.id()).put("token", task.token())
                    .put("leaseUntil", JsonText.time(extended.until())).put("cancelRequested", cancel != null)
                    .put("cancelReason", cancel));
        } else {
            print(task.id() + "  claimed until " + extended.until()
                    + (cancel == null ? "" : "; asked to stop: " + cancel));
        }
        return ExitCode.DONE;
    }
}
