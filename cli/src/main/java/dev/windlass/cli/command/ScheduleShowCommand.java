package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass schedule show}. */
@Command(name = "show", description = "Show a schedule: how its expression is read, its last events, and when it fires next.", footerHeading = "%nExample:%n", footer = "  windlass schedule show nightly")
final class ScheduleShowCommand extends ConnectedCommand {
    @Parameters(paramLabel = "NAME", description = "The schedule's name.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String name;

    @Override
    int run(Windlass windlass) {
        Schedule schedule = Schedules.on(windlass).get(name);
        if (json()) {
            ObjectNode json = ScheduleText.json(schedule);
            ArrayNode lines = json.putArray("history");
            schedule.history().forEach(event -> lines.add(ScheduleText.json(event)));
            print(json);
            return ExitCode.DONE;
        }
        Schedule.Counts counts = schedule.counts();
        print("schedule " + schedule.name() + " is " + ScheduleText.state(schedule) + ": " + counts.fired()
                + " fired, " + counts.missed() + " missed, " + counts.skipped() + " skipped, " + counts.refused()
                + " refused");
        ScheduleText.print(out(), schedule);
        Table table = table("TIME", "EVENT", "FIRE TIME", "COUNT", "ID", "CAUSE");
        schedule.history().forEach(event -> table.row(event.at(), event.event(),
                ScheduleText.local(event.fireTime(), schedule.zone()), event.count() == 1 ? null : event.count(),
                event.id(), event.cause()));
        table.print(out());
        return ExitCode.DONE;
    }
}
