package dev.windlass.cli.command;

import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.TaskError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass fail}. */
@Command(name = "fail", description = {
    "Say that a claimed task has failed: it is tried again while it has attempts left. Safe to repeat with the same error.",
    "Exit code 1 if the claim is lost; nothing is recorded then."}, footerHeading = "%nExample:%n", footer = "  windlass fail 01a0b1c2-3d4e-7f60-8a9b-0c1d2e3f4a5b --token 0png8g49q21f2rtg --error 'no such address' --permanent")
final class FailCommand extends HeldTaskCommand {
    @Option(names = "--error", paramLabel = "TEXT", required = true, description = "What went wrong, for the task's history.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String error;

    @Option(names = "--error-type", paramLabel = "NAME", defaultValue = "failure", description = "What kind of failure it is (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String errorType;

    @Option(names = "--permanent", description = "Fail for good, whatever attempts are left.")
    private boolean permanent;

    @Override
    int run(ClaimedTask task) {
        return done(task.fail(new TaskError(errorType, error, null), permanent));
    }
}
