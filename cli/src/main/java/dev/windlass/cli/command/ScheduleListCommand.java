package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.Schedules;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass schedule list}. */
@Command(name = "list", description = "List the schedules, by name, with times in the zone of each.", footerHeading = "%nExample:%n", footer = "  windlass schedule list")
final class ScheduleListCommand extends ConnectedCommand {
    @Override
    int run(Windlass windlass) {
        List<Schedule> all = Schedules.on(windlass).list();
        if (json()) {
            ArrayNode list = JsonText.array();
            all.forEach(schedule -> list.add(ScheduleText.json(schedule)));
            print(list);
            return ExitCode.DONE;
        }
        Table table = table("NAME", "STATE", "CRON", "ZONE", "STARTS", "LAST", "NEXT", "FIRED", "MISSED");
        all.forEach(schedule -> table.row(schedule.name(), ScheduleText.state(schedule), schedule.cron(),
                schedule.zone(), schedule.target(), ScheduleText.local(schedule.lastFireTime(), schedule.zone()),
                ScheduleText.local(schedule.nextFireTime(), schedule.zone()), schedule.counts().fired(),
                schedule.counts().missed()));
        table.print(out());
        return ExitCode.DONE;
    }
}
