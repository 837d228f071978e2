package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schedule resume}. */
@Command(name = "resume", description = "Let a schedule fire again, from the next fire time on: what was due while it was paused is not fired.", footerHeading = "%nExample:%n", footer = "  windlass schedule resume nightly")
final class ScheduleResumeCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Override
    int run(Windlass windlass) {
        Schedule schedule = Schedules.on(windlass).resume(name);
        if (json()) {
            print(ScheduleText.json(schedule));
        } else {
            print("schedule " + schedule.name() + " is " + ScheduleText.state(schedule) + ", next "
                    + ScheduleText.local(schedule.nextFireTime(), schedule.zone()));
        }
        return ExitCode.DONE;
    }
}
