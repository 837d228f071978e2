package dev.windlass.examples;

import java.time.Duration;
import java.time.ZoneId;

import dev.windlass.Windlass;
import dev.windlass.queue.TaskType;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.Schedules;

/** A report every night, by cron; and one at once, by hand. */
public final class NightlyReport {
    /**
     * What to report.
     *
     * @param subject about what
     * @param night the fire time, which the schedule puts in
     */
    public record Request(String subject, String night) {}

    static final TaskType<Request, String> REPORT = TaskType.of("report", Request.class, String.class);

    private NightlyReport() {
    }

    /**
     * Creates the schedule, shows when it fires, and triggers it once.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        try (var windlass = Windlass.connect(store)) {
            Schedules schedules = Schedules.on(windlass);
            Schedule nightly = schedules.create("nightly-report", Cron.parse("0 2 * * 1-5"), ZoneId.of("Europe/Berlin"),
                    ScheduleTarget.task("reports", REPORT, new Request("sales", "")).withFireTime("night"),
                    ScheduleOptions.ofDefaults().withOverlap(OverlapPolicy.SKIP)
                            .withMisfire(MisfirePolicy.catchUp(3)).withJitter(Duration.ofMinutes(5)));
            nightly.upcoming(3).forEach(time -> System.out.println("fires at " + time.atZone(nightly.zone())));
            try (var worker = schedules.worker(windlass.worker().queue("reports")
                    .handle(REPORT, (task, request) -> "report on " + request.subject() + " as of " + request.night()))
                    .start()) {
                String id = schedules.trigger("nightly-report"); // as if it were night
                System.out.println(windlass.queue("reports").handle(REPORT, id).await(Duration.ofMinutes(1)));
            }
        }
    }
}
