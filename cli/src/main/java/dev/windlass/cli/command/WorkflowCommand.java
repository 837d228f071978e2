package dev.windlass.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code windlass workflow}: what can be done with workflows from outside. */
@Command(name = "workflow", description = "Start, watch and control workflows. Workers run them.", synopsisSubcommandLabel = "COMMAND", footerHeading = "%nExample:%n", footer = {
    "  windlass workflow start --type checkout --id order-17 --input @order.json",
    "  windlass workflow signal order-17 approved --value true"}, subcommands = {WorkflowStartCommand.class,
        WorkflowListCommand.class, WorkflowShowCommand.class, WorkflowStepsCommand.class,
        WorkflowSignalCommand.class, WorkflowCancelCommand.class, WorkflowPauseCommand.class,
        WorkflowResumeCommand.class, WorkflowRetryCommand.class, WorkflowForkCommand.class, WorkflowTailCommand.class})
final class WorkflowCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "workflow needs a command, such as start or show");
    }
}
