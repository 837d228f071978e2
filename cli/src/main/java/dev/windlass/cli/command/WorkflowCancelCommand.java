package dev.windlass.cli.command;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass workflow cancel}. */
@Command(name = "cancel", description = {
    "Cancel a workflow: its steps are told to stop, no other one starts, its children are cancelled.",
    "A worker does so within seconds. Exit code 1 if it had ended otherwise before."}, footerHeading = "%nExample:%n", footer = "  windlass workflow cancel order-17 --reason 'customer changed her mind'")
final class WorkflowCancelCommand extends WorkflowIdCommand {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "cancelled by windlass workflow cancel", description = "Why, for people (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets the default.
    private String reason;

    @Option(names = "--terminate", description = "End it at once, without its worker and whatever its steps do.")
    private boolean terminate;

    @Override
    int run(Workflows workflows, WorkflowHandle handle) {
        boolean accepted = terminate ? handle.terminate(reason) : handle.cancel(reason);
        WorkflowStatus status = handle.status();
        say(handle, !accepted
                ? "had ended before: " + WorkflowText.word(status)
                : status == WorkflowStatus.CANCELLED ? "cancelled" : "asked to stop",
                JsonText.object().put("status", status.name()).put("accepted", accepted));
        return accepted ? ExitCode.DONE : ExitCode.FAILED;
    }
}
