package dev.windlass.cli.command;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;

/** {@code windlass workflow resume}. */
@Command(name = "resume", description = "Let a paused workflow go on, whoever has paused it.", footerHeading = "%nExample:%n", footer = "  windlass workflow resume order-17")
final class WorkflowResumeCommand extends WorkflowIdCommand {
    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        handle.resume();
        say(handle, "resumed", JsonText.object().put("status", handle.status().name()));
        return ExitCode.DONE;
    }
}
