package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.stream.Stream;

import dev.windlass.Windlass;
import dev.windlass.cost.CostModel;
import dev.windlass.cost.PriceTable;
import dev.windlass.cost.Rehearsal;
import dev.windlass.cost.RequestLoad;
import dev.windlass.cost.Setting;
import dev.windlass.cost.Workload;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the cost model works out is what the real queue, workers and workflow engine send: each workload is played for some
 * virtual time, and its requests are counted.
 */
class CostModelTest {
    private static final double TOLERANCE = 0.05;
    /** Of kinds that hardly matter: so much of all requests. */
    private static final double HARDLY = 0.01;

    private static Workload workload(String settings) {
        var values = new EnumMap<Setting, Double>(Setting.class);
        Stream.of(settings.split(" ")).map(setting -> setting.split("=", 2)).forEach(
                setting -> values.put(Setting.of(setting[0]).orElseThrow(), Double.valueOf(setting[1])));
        return Workload.of(values);
    }

    private static Rehearsal.Outcome play(long seed, Workload workload, Duration length) {
        // Requests take from half to one and a half times the latency.
        Duration latency = Duration.ofNanos((long) (workload.get(Setting.LATENCY) * 1e9));
        var store = StoreOptions.defaults().withLatency(latency.dividedBy(2), latency.multipliedBy(3).dividedBy(2))
                .withTime(Duration.ofMillis(1), Duration.ZERO);
        var outcome = new Rehearsal.Outcome[1];
        Simulation.run(seed, SimulationOptions.defaults().withStore(store).withTraceLimit(100), sim -> {
            outcome[0] = new Rehearsal(workload, name -> {
                Actor actor = sim.actor(name);
                return Windlass.builder().environment(actor.environment()).over(actor.store());
            }).run(length);
        });
        return outcome[0];
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "idle fleet, PT2H, tasks-per-day=0 workers=5",
        "large idle fleet, PT2H, tasks-per-day=0 workers=40",
        "idle fleet with other times, PT2H, tasks-per-day=0 workers=3 poll-longest=20 lease=90 heartbeat=15",
        "single tasks one worker, PT30M, tasks-per-day=100000 workers=1",
        "single tasks seldom, PT2H, tasks-per-day=10000 workers=1",
        "single tasks four workers, PT1H, tasks-per-day=20000 workers=4",
        "batches, PT5M, tasks-per-day=1000000 burst=1000 workers=1 concurrency=64 handler-time=0.02",
        "batches of slow tasks, PT5M, tasks-per-day=1000000 burst=1000 workers=1 handler-time=0.2",
        "batches two workers, PT10M, tasks-per-day=576000 burst=1000 workers=2",
        "retries, PT2H, tasks-per-day=10000 retried=0.2 failed=0.1 workers=1",
        "retries of batches, PT10M, tasks-per-day=500000 burst=500 retried=0.1 workers=1",
        "delayed, PT2H, tasks-per-day=10000 delayed=0.5 delay=60 workers=1",
        "delayed four workers, PT1H, tasks-per-day=20000 delayed=0.5 delay=60 workers=4",
        "several queues, PT1H, tasks-per-day=20000 queues=3 workers=1",
        "six queues, PT1H, tasks-per-day=20000 queues=6 workers=1",
        "several priorities, PT1H, tasks-per-day=20000 priorities=3 delayed=0.3 delay=100 workers=1",
        "large payloads, PT15M, tasks-per-day=30000 input-size=300000 output-size=300000 workers=1",
        "payloads just inline, PT15M, tasks-per-day=30000 input-size=262000 output-size=262000 workers=1",
        "chain, PT5M, tasks-per-day=0 runs-per-day=20000 steps=50 workers=1",
        "long chain with results that are read again, PT4M, tasks-per-day=0 runs-per-day=5000 steps=350"
                + " workers=1 result-size=10000 step-time=0.01",
        "chain with large results, PT10M, tasks-per-day=0 runs-per-day=5000 steps=5 workers=2 result-size=300000",
        "wide, PT10M, tasks-per-day=0 runs-per-day=2000 steps=300 width=300 workers=2 step-time=0.05",
        "wide over the fleet, PT4M, tasks-per-day=0 runs-per-day=5000 steps=200 width=200 workers=3"
                + " fleet-steps=0.8 step-time=0.5",
        "wider over the fleet, PT4M, tasks-per-day=0 runs-per-day=3000 steps=400 width=400 workers=3"
                + " fleet-steps=0.8 step-time=0.5",
        "idle fleet with schedulers, PT2H, tasks-per-day=0 workers=2 schedulers=3",
        "tasks and runs together, PT8H, tasks-per-day=50000 runs-per-day=3000 steps=20 workers=2"})
    void requests_ofAWorkloadThatIsPlayed_areThoseCounted(String name, Duration length, String settings) {
        Rehearsal.Outcome outcome = play(7, workload(settings), length);

        RequestLoad counted = RequestLoad.of(outcome.counted());
        RequestLoad model = CostModel.requests(outcome.workload(), outcome.took().toNanos() / 1e9);
        String both = name + "\ncounted    " + counted + "\nworked out " + model;
        double hardly = HARDLY * counted.billed();
        assertThat(model.put()).as("PUT of " + both).isCloseTo(counted.put(),
                within(Math.max(hardly, TOLERANCE * counted.put())));
        assertThat(model.get()).as("GET of " + both).isCloseTo(counted.get(),
                within(Math.max(hardly, TOLERANCE * counted.get())));
        assertThat(model.list()).as("LIST of " + both).isCloseTo(counted.list(),
                within(Math.max(hardly, TOLERANCE * counted.list())));
        double dollars = PriceTable.s3Standard().dollars(counted);
        assertThat(PriceTable.s3Standard().dollars(model)).as("dollars of " + both).isCloseTo(dollars,
                within(TOLERANCE * dollars));
    }

    /** One scheduler fires, the others look at its lease; each schedule is written at each firing, and read afterwards. */
    @ParameterizedTest
    @CsvSource({"1, 1, 3600", "3, 5, 60", "2, 40, 20"})
    void requests_ofSchedulers_areThoseCounted(int schedulers, int schedules, int every) {
        var counted = new RequestCounts[1];
        Simulation.run(5, SimulationOptions.defaults().withTraceLimit(100), sim -> {
            Site site = Site.of(sim, "p");
            Schedules created = Schedules.on(site.windlass);
            for (int i = 0; i < schedules; i++) {
                created.create("s" + i, Cron.parse(every == 20
                        ? i % 20 + "/20 * * * * ?"
                        : every == 60
                                ? i * 10 + " * * * * ?"
                                : "0 0 * * * ?"),
                        ZoneOffset.UTC, ScheduleTarget.task("nobody", Site.ECHO, "tick"));
            }
            for (int i = 0; i < schedulers; i++) {
                var scheduler = Schedules.on(Site.of(sim, "w" + i).windlass).scheduler(SchedulerOptions.ofDefaults());
                assertThat(scheduler.isHolding()).isFalse();
            }
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts before = sim.store().counts("scheduler/").plus(sim.store().counts("schedules/"));
            sim.sleep(Duration.ofHours(2));
            counted[0] = sim.store().counts("scheduler/").plus(sim.store().counts("schedules/")).minus(before);
        });
        RequestLoad model = CostModel.requests(workload("tasks-per-day=0 workers=0 schedulers=" + schedulers
                + " schedules=" + schedules + " firings-per-day=" + 86_400 / every * schedules), 7_200);
        RequestLoad real = RequestLoad.of(counted[0]);
        String both = "counted    " + real + "\nworked out " + model;
        double hardly = HARDLY * real.billed();
        assertThat(model.put()).as("PUT of " + both).isCloseTo(real.put(), within(hardly + TOLERANCE * real.put()));
        assertThat(model.get()).as("GET of " + both).isCloseTo(real.get(), within(hardly + TOLERANCE * real.get()));
        assertThat(model.list()).as("LIST of " + both).isCloseTo(real.list(),
                within(hardly + TOLERANCE * real.list()));
    }

    @Test
    void rehearsal_sameSeed_countsTheSame() {
        Workload workload = workload("tasks-per-day=20000 retried=0.1 workers=2");

        assertThat(play(3, workload, Duration.ofMinutes(5)).counted())
                .isEqualTo(play(3, workload, Duration.ofMinutes(5)).counted());
    }
}
