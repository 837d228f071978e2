package dev.windlass.simulation.workload;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

import dev.windlass.WindlassException;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.simulation.Actor;
import dev.windlass.simulation.Invariant;
import dev.windlass.simulation.Seeded;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.check.ScheduleChecks;

/**
 * A history of schedules: two or three workers run a scheduler each, which are killed, stopped and cut off while schedules
 * fire every second or few; then comes peace, in which they must catch up, and all that was fired has to end.
 */
final class ScheduleHistory extends History {
    private static final TaskType<String, String> JOB = TaskType.of("job", String.class, String.class);
    private static final String QUEUE = "jobs";
    private static final String[] CRONS = {"* * * * * ?", "0/2 * * * * ?", "0/5 * * * * ?", "0-30 * * * * ?",
        "1,2,3,10,40 * * * * ?"};

    private final ScheduleChecks checks;
    private final Seeded random;
    private final SchedulerOptions options;
    private final int schedules;

    private ScheduleHistory(Simulation sim, Plan plan) {
        super(sim, plan, false);
        this.checks = ScheduleChecks.watch(sim);
        this.random = Seeded.stream(plan.seed(), 81);
        Duration look = Duration.ofMillis(random.between(500, 3_000));
        this.options = new SchedulerOptions(look, look.multipliedBy(random.between(3, 6)));
        this.schedules = 1 + random.nextInt(3);
    }

    /** Plays a plan. */
    static SimulationResult play(Plan plan) {
        return Simulation.run(plan.seed(), plan.options(), sim -> new ScheduleHistory(sim, plan).play());
    }

    private void play() throws InterruptedException {
        Site founder = site(sim.actor("founder"));
        for (int i = 0; i < schedules; i++) {
            create(founder, "s" + i, random);
        }
        trouble();
        peace();
    }

    private static void create(Site site, String name, Seeded draws) {
        ScheduleOptions how = ScheduleOptions.ofDefaults()
                .withMisfire(new MisfirePolicy(new int[]{0, 1, 3, 30}[draws.nextInt(4)]))
                .withMisfireAfter(Duration.ofMillis(draws.between(1_000, 20_000)))
                .withOverlap(draws.chance(0.6)
                        ? OverlapPolicy.ALLOW
                        : draws.chance(0.5) ? OverlapPolicy.SKIP : OverlapPolicy.BUFFER_ONE)
                .withJitter(Duration.ofMillis(draws.chance(0.7) ? 0 : draws.between(1, 1_500)));
        Schedules.on(site.windlass).create(name, Cron.parse(CRONS[draws.nextInt(CRONS.length)]),
                ZoneId.of(draws.chance(0.5) ? "UTC" : "Europe/Berlin"),
                ScheduleTarget.task(QUEUE, JOB, name), how);
    }

    @Override
    boolean perform(Op op) {
        if (op.kind() != Op.Kind.SCHEDULE) {
            return false;
        }
        Seeded draws = op.random();
        Actor actor = offices.places().get(draws.nextInt(offices.places().size())).actor();
        String name = "s" + draws.nextInt(schedules);
        deeds.run(actor, op, () -> {
            Site site = site(actor);
            Schedules on = Schedules.on(site.windlass);
            try {
                switch (draws.nextInt(4)) {
                    case 0 -> {
                        on.pause(name);
                        actor.environment().sleep(Duration.ofMillis(draws.between(0, 8_000)));
                        on.resume(name);
                    }
                    case 1 -> on.trigger(name);
                    case 2 -> {
                        on.delete(name);
                        create(site, name, draws);
                    }
                    default -> on.list();
                }
            } catch (WindlassException e) {
                actor.note("could not change " + name + ": " + e.getMessage());
            }
        });
        return true;
    }

    @Override
    Worker worker(Actor actor) {
        Site site = site(actor);
        Worker.Builder builder = site.windlass.worker().id(actor.name()).concurrency(world.slots)
                .lease(world.ttl, world.heartbeat).poll(world.shortestPoll, world.longestPoll).queue(QUEUE)
                .handle(JOB, (task, input) -> {
                    long millis = Seeded.stream(plan.seed(), task.id().hashCode()).between(0, 3_000);
                    actor.environment().sleep(Duration.ofMillis(millis));
                    return input;
                });
        return Schedules.on(site.windlass).worker(builder, options).start();
    }

    /** Faults off, all processes up: schedules keep up, and once they are paused, all that was fired ends. */
    private void peace() throws InterruptedException {
        peace(() -> true, Invariant.W6, "what clients do does not end", () -> "");
        sim.sleep(world.quiet().plusSeconds(20));
        Instant lately = sim.now().minusSeconds(20);
        if (!checks.behind(lately).isEmpty()) {
            sim.fail(Invariant.W6, "schedules do not keep up: " + checks.behind(lately));
        }
        Site auditor = site(sim.actor("auditor"));
        Schedules on = Schedules.on(auditor.windlass);
        on.list().forEach(schedule -> on.pause(schedule.name()));
        sim.sleep(Duration.ofSeconds(5));
        // A waker or submitter that died between its puts has left what an audit repairs.
        auditor.windlass.audit(true);
        eventually(() -> checks.open().isEmpty(), END, Invariant.W6, "what was fired does not end", checks::open);
        close();
    }
}
