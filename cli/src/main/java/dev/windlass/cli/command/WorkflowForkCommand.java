package dev.windlass.cli.command;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass workflow fork}. */
@Command(name = "fork", description = {"Run a workflow again from a step on, however it has ended.",
    "As its next run, which takes over what came before the step; the ended run stays as it is.",
    "Of a graph, the step and all that need it are done anew."}, footerHeading = "%nExample:%n", footer = "  windlass workflow fork order-17 --from charge")
final class WorkflowForkCommand extends WorkflowIdCommand {
    @Option(names = "--from", required = true, paramLabel = "STEP", description = "The step at which to begin anew, as 'windlass workflow steps' names it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String from;

    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        WorkflowHandle next = handle.fork(from);
        say(next, "run " + next.run(), JsonText.object().put("status", next.status().name()).put("from", from));
        return ExitCode.DONE;
    }
}
