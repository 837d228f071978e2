package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schedule pause}. */
@Command(name = "pause", description = "Let a schedule fire no more until it is resumed. What it has started goes on.", footerHeading = "%nExample:%n", footer = "  windlass schedule pause nightly")
final class SchedulePauseCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Override
    int run(Windlass windlass) {
        Schedule schedule = Schedules.on(windlass).pause(name);
        if (json()) {
            print(ScheduleText.json(schedule));
        } else {
            print("schedule " + schedule.name() + " is " + ScheduleText.state(schedule));
        }
        return ExitCode.DONE;
    }
}
