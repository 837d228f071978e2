package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.TaskInfo;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands on a claimed task have in common: its id and the claim's token. */
abstract class HeldTaskCommand extends ConnectedCommand {
    @Parameters(paramLabel = "ID", description = "The task's id, as claim printed it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Option(names = "--token", paramLabel = "T", required = true, description = "The claim's token, as claim printed it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String token;

    @Override
    final int run(Windlass windlass) {
        return run(windlass.queue("any").claimed(id, token));
    }

    /**
     * Does the work.
     *
     * @param task the claim
     * @return the exit code
     */
    abstract int run(ClaimedTask task);

    /** Prints how the task stands. */
    final int done(TaskInfo task) {
        if (json()) {
            print(JsonText.of(task));
        } else {
            print(task.id() + "  " + JsonText.word(task));
        }
        return ExitCode.DONE;
    }
}
