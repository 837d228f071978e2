package dev.windlass.simulation.observation;

import java.time.Duration;
import java.time.ZoneOffset;

import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;

/** Schedules that everything happens to which an operator may meet. */
final class ScheduleTroubles {
    private static final ScheduleTarget TARGET = ScheduleTarget.task(Site.QUEUE, Site.ECHO, "tick");

    private final Troubles troubles;

    ScheduleTroubles(Troubles troubles) {
        this.troubles = troubles;
    }

    /** Plays all of them. */
    void play() {
        troubles.run(this::missedAndSkipped);
        troubles.run(this::schedulerThatIsLost);
        troubles.run(this::tooOld);
    }

    private void missedAndSkipped(Simulation sim) throws InterruptedException {
        Site site = troubles.site(sim, "p");
        Schedules.on(site.windlass).create("busy", Cron.parse("* * * * *"), ZoneOffset.UTC, TARGET,
                ScheduleOptions.ofDefaults().withOverlap(OverlapPolicy.SKIP));
        sim.sleep(Duration.ofMinutes(5));
        Site at = troubles.site(sim, "w");
        sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "tasks/"));
        Schedules.on(at.windlass).worker(at.windlass.worker().queue(Site.QUEUE).id("w").handle(Site.ECHO,
                at.sleeper(Duration.ofSeconds(150)))).start();
        sim.sleep(Duration.ofMinutes(6));
        Schedules.on(site.windlass).trigger("busy");
        sim.sleep(Duration.ofSeconds(5));
    }

    private void schedulerThatIsLost(Simulation sim) throws InterruptedException {
        Schedules.on(troubles.site(sim, "p").windlass).create("lost", Cron.parse("* * * * *"), ZoneOffset.UTC, TARGET);
        sim.store().inject(Fault.of(Fault.Kind.CRASH_AFTER), request -> request.is(RequestKind.PUT, "tasks/"));
        Schedules.on(troubles.site(sim, "w").windlass).scheduler(SchedulerOptions.ofDefaults());
        sim.sleep(Duration.ofSeconds(20));
        Schedules.on(troubles.site(sim, "x").windlass).scheduler(SchedulerOptions.ofDefaults());
        sim.sleep(Duration.ofMinutes(3));
    }

    private void tooOld(Simulation sim) throws InterruptedException {
        Schedules.on(troubles.site(sim, "p").windlass).create("old", Cron.parse("0 12 * * *"), ZoneOffset.UTC, TARGET,
                ScheduleOptions.ofDefaults().withMisfire(MisfirePolicy.catchUp(100)));
        sim.sleep(Duration.ofDays(9));
        Schedules.on(troubles.site(sim, "w").windlass).scheduler(SchedulerOptions.ofDefaults());
        sim.sleep(Duration.ofMinutes(2));
    }
}
