package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schedule trigger}. */
@Command(name = "trigger", description = {
    "Start what a schedule starts, now, also if it is paused; print the id of the task or workflow.",
    "Each call starts one."}, footerHeading = "%nExample:%n", footer = "  windlass schedule trigger nightly")
final class ScheduleTriggerCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Override
    int run(Windlass windlass) {
        String id = Schedules.on(windlass).trigger(name);
        if (json()) {
            print(JsonText.object().put("schedule", name).put("id", id));
        } else {
            print(id);
        }
        return ExitCode.DONE;
    }
}
