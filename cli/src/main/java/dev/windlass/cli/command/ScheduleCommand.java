package dev.windlass.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code windlass schedule}: tasks and workflows that start by the clock. */
@Command(name = "schedule", description = {"Cron schedules: tasks and workflows that start by the clock.",
    "They fire while a `windlass worker`, or another process with a scheduler, runs on the store."}, synopsisSubcommandLabel = "COMMAND", footerHeading = "%nExample:%n", footer = "  windlass schedule create nightly --cron '0 2 * * *' --zone Europe/Berlin --queue reports --type echo", subcommands = {
        ScheduleCreateCommand.class, ScheduleListCommand.class, ScheduleShowCommand.class, SchedulePauseCommand.class,
        ScheduleResumeCommand.class, ScheduleTriggerCommand.class, ScheduleDeleteCommand.class})
final class ScheduleCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "schedule needs a command: create, list, show, pause, resume, trigger or delete");
    }
}
