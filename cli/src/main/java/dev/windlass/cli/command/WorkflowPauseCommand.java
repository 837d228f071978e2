package dev.windlass.cli.command;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass workflow pause}. */
@Command(name = "pause", description = "Pause a workflow: steps that run go on to their end, and no other one starts.", footerHeading = "%nExample:%n", footer = "  windlass workflow pause order-17 --reason 'bank is down'")
final class WorkflowPauseCommand extends WorkflowIdCommand {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "paused by windlass workflow pause", description = "Why, for people (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        handle.pause(reason);
        say(handle, "paused", JsonText.object().put("status", handle.status().name()));
        return ExitCode.DONE;
    }
}
