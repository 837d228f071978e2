package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schedule delete}. */
@Command(name = "delete", description = "Delete a schedule. What it has started goes on. Exit code 2 if there is none.", footerHeading = "%nExample:%n", footer = "  windlass schedule delete nightly")
final class ScheduleDeleteCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Override
    int run(Windlass windlass) {
        Schedules schedules = Schedules.on(windlass);
        schedules.get(name);
        boolean deleted = schedules.delete(name);
        if (json()) {
            print(JsonText.object().put("schedule", name).put("deleted", deleted));
        } else {
            print("schedule " + name + (deleted ? " is deleted" : " was deleted meanwhile"));
        }
        return ExitCode.DONE;
    }
}
