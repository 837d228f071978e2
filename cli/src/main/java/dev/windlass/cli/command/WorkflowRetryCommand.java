package dev.windlass.cli.command;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;

/** {@code windlass workflow retry}. */
@Command(name = "retry", description = {"Try a workflow again that has failed or was cancelled.",
    "As its next run, which takes over what succeeded; the ended run stays as it is."}, footerHeading = "%nExample:%n", footer = "  windlass workflow retry order-17")
final class WorkflowRetryCommand extends WorkflowIdCommand {
    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        WorkflowHandle next = handle.retry();
        say(next, "run " + next.run(), JsonText.object().put("status", next.status().name()));
        return ExitCode.DONE;
    }
}
