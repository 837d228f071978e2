package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.queue.Worker;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.Schedule;
import dev.windlass.schedule.ScheduleEvent;
import dev.windlass.schedule.ScheduleNotFoundException;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.schedule.Schedules;
import dev.windlass.schedule.WorkflowTarget;
import dev.windlass.simulation.check.ScheduleChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Schedules in virtual time: what fires when, whoever fires, and what it costs. */
class SchedulerTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final ScheduleTarget ECHO = ScheduleTarget.task(Site.QUEUE, Site.ECHO, "tick");

    private static SimulationOptions from(String start) {
        return SimulationOptions.defaults().withStartTime(Instant.parse(start)).withMaxSteps(20_000_000)
                .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    }

    /** A process with a worker and a scheduler. */
    private static Worker start(Simulation sim, Actor actor, SchedulerOptions options) {
        Site site = Site.of(sim, actor);
        Worker.Builder builder = site.windlass.worker().queue(Site.QUEUE).id(actor.name())
                .handle(Site.ECHO, Site.ECHOES).poll(Duration.ofSeconds(1), Duration.ofSeconds(20));
        return Schedules.on(site.windlass).worker(builder, options).start();
    }

    private static void start(Simulation sim, String name) {
        start(sim, sim.actor(name), SchedulerOptions.ofDefaults());
    }

    private static Schedule create(Site site, String cron, ZoneId zone, ScheduleOptions options) {
        return Schedules.on(site.windlass).create("s", Cron.parse(cron), zone, ECHO, options);
    }

    /** The fire times of all tasks that a schedule has submitted, as they stand in their keys for people. */
    private static List<String> submitted(Simulation sim) {
        var all = new TreeSet<String>();
        for (String key : sim.store().keys("tasks/")) {
            String label = Site.json(sim.store().peek(key)).path("idempotencyKey").asString("");
            if (label.startsWith("schedule s at ")) {
                assertThat(all.add(label.substring("schedule s at ".length()))).as(label).isTrue();
            }
        }
        return List.copyOf(all);
    }

    @Test
    void fire_acrossAChangeOfTheClocks_onceEach() {
        Simulation.run(1, from("2030-03-30T00:00:00Z"), sim -> {
            create(Site.of(sim, "p"), "30 2 * * *", BERLIN, ScheduleOptions.ofDefaults());
            start(sim, "w0");
            start(sim, "w1");
            sim.sleep(Duration.ofDays(3));
            assertThat(submitted(sim)).containsExactly("2030-03-30T01:30:00Z", "2030-03-31T01:00:00Z",
                    "2030-04-01T00:30:00Z");
        });
        Simulation.run(1, from("2030-10-26T20:00:00Z"), sim -> {
            create(Site.of(sim, "p"), "30 2 * * *", BERLIN, ScheduleOptions.ofDefaults());
            start(sim, "w0");
            start(sim, "w1");
            sim.sleep(Duration.ofHours(30));
            assertThat(submitted(sim)).containsExactly("2030-10-27T00:30:00Z", "2030-10-28T01:30:00Z");
        });
        Simulation.run(1, from("2030-10-26T23:10:00Z"), sim -> {
            create(Site.of(sim, "p"), "0/30 * * * *", BERLIN, ScheduleOptions.ofDefaults());
            start(sim, "w0");
            sim.sleep(Duration.ofHours(3));
            assertThat(submitted(sim)).containsExactly("2030-10-26T23:30:00Z", "2030-10-27T00:00:00Z",
                    "2030-10-27T00:30:00Z", "2030-10-27T01:00:00Z", "2030-10-27T01:30:00Z", "2030-10-27T02:00:00Z");
        });
    }

    @Test
    void fire_wallClocksThatJump_changeNothing() {
        Simulation.run(2, from("2030-01-01T00:00:30Z"), sim -> {
            Actor one = sim.actor("w0");
            Actor two = sim.actor("w1");
            one.setWallClockSkew(Duration.ofHours(-7));
            create(Site.of(sim, "p"), "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            start(sim, one, SchedulerOptions.ofDefaults());
            start(sim, two, SchedulerOptions.ofDefaults());
            sim.sleep(Duration.ofMinutes(3));
            one.setWallClockSkew(Duration.ofHours(30));
            two.setWallClockSkew(Duration.ofHours(-30));
            sim.sleep(Duration.ofMinutes(3));
            assertThat(submitted(sim)).hasSize(6).first().isEqualTo("2030-01-01T00:01:00Z");
        });
    }

    @Test
    void fire_downForADay_missedOnesAsThePolicySays() {
        record Case(MisfirePolicy policy, List<String> fired, long missed) {}
        for (Case one : List.of(new Case(MisfirePolicy.skip(), List.of("2030-01-02T01:00:00Z"), 24),
                new Case(MisfirePolicy.fireOnce(), List.of("2030-01-02T00:00:00Z", "2030-01-02T01:00:00Z"), 23),
                new Case(MisfirePolicy.catchUp(3), List.of("2030-01-01T22:00:00Z", "2030-01-01T23:00:00Z",
                        "2030-01-02T00:00:00Z", "2030-01-02T01:00:00Z"), 21))) {
            for (OverlapPolicy overlap : List.of(OverlapPolicy.ALLOW, OverlapPolicy.BUFFER_ONE)) {
                Simulation.run(3, from("2030-01-01T00:30:00Z"), sim -> {
                    Site site = Site.of(sim, "p");
                    create(site, "0 * * * *", ZoneOffset.UTC,
                            ScheduleOptions.ofDefaults().withMisfire(one.policy()).withOverlap(overlap));
                    sim.sleep(Duration.ofDays(1));
                    start(sim, "w0");
                    start(sim, "w1");
                    sim.sleep(Duration.ofMinutes(50));
                    assertThat(submitted(sim)).as(one.policy() + " " + overlap).isEqualTo(one.fired());
                    Schedule after = Schedules.on(site.windlass).get("s");
                    assertThat(after.counts())
                            .isEqualTo(new Schedule.Counts(one.fired().size(), one.missed(), 0, 0));
                    if (one.missed() > 0) {
                        ScheduleEvent line = after.history().get(1);
                        assertThat(line.event()).isEqualTo("missed");
                        assertThat(line.fireTime()).isEqualTo(Instant.parse("2030-01-01T01:00:00Z"));
                        assertThat(line.count()).isEqualTo(one.missed());
                    }
                });
            }
        }
    }

    @Test
    void fire_downLongerThanRetentionKeeps_oldOnesAreRefused() {
        Simulation.run(4, from("2030-01-01T00:30:00Z"), sim -> {
            Site site = Site.of(sim, "p");
            create(site, "0 12 * * *", ZoneOffset.UTC,
                    ScheduleOptions.ofDefaults().withMisfire(MisfirePolicy.catchUp(100)));
            sim.sleep(Duration.ofDays(9));
            start(sim, "w0");
            sim.sleep(Duration.ofMinutes(5));
            Schedule after = Schedules.on(site.windlass).get("s");
            assertThat(after.counts()).isEqualTo(new Schedule.Counts(6, 0, 0, 3));
            assertThat(submitted(sim)).hasSize(6).first().isEqualTo("2030-01-04T12:00:00Z");
        });
    }

    @Test
    void fire_aYearOfSecondsMissed_isDecidedInOneWrite() {
        Simulation.run(5, from("2030-01-01T00:30:00Z"), sim -> {
            Site site = Site.of(sim, "p");
            create(site, "* * * * * ?", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            sim.sleep(Duration.ofDays(365));
            start(sim, "w0");
            sim.sleep(Duration.ofSeconds(5));
            Schedule after = Schedules.on(site.windlass).get("s");
            assertThat(after.counts().missed()).isEqualTo(9_999);
            assertThat(submitted(sim)).hasSizeBetween(60, 70);
        });
    }

    @Test
    void fire_previousHasNotEnded_asThePolicySays() {
        record Case(OverlapPolicy policy, int tasks, long skipped, int cancelled) {}
        // each task takes 150 s; five fire times
        for (Case one : List.of(new Case(OverlapPolicy.ALLOW, 5, 0, 0), new Case(OverlapPolicy.SKIP, 2, 3, 0),
                new Case(OverlapPolicy.BUFFER_ONE, 3, 2, 0), new Case(OverlapPolicy.CANCEL_PREVIOUS, 5, 0, 4))) {
            Simulation.run(6, from("2030-01-01T00:00:30Z"), sim -> {
                Site site = Site.of(sim, "p");
                create(site, "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults().withOverlap(one.policy())
                        .withEndAt(Instant.parse("2030-01-01T00:05:30Z")));
                Actor actor = sim.actor("w0");
                Site at = Site.of(sim, actor);
                Schedules.on(at.windlass).worker(at.windlass.worker().queue(Site.QUEUE).id("w0").handle(Site.ECHO,
                        at.sleeper(Duration.ofSeconds(150)))).start();
                sim.sleep(Duration.ofMinutes(15));
                List<String> states = sim.store().keys("tasks/").stream()
                        .map(key -> Site.json(sim.store().peek(key)).path("status").asString("")).toList();
                assertThat(states).as(one.toString()).hasSize(one.tasks());
                assertThat(states.stream().filter("CANCELLED"::equals)).as(one.toString()).hasSize(one.cancelled());
                Schedule after = Schedules.on(site.windlass).get("s");
                assertThat(after.counts()).as(one.toString())
                        .isEqualTo(new Schedule.Counts(one.tasks(), 0, one.skipped(), 0));
                assertThat(after.nextFireTime()).isNull();
            });
        }
    }

    @Test
    void fire_jitter_isTheSameWhoeverFiresAndNeverEarly() {
        var first = new ArrayList<Duration>();
        for (int seed = 0; seed < 2; seed++) {
            var late = new ArrayList<Duration>();
            Simulation.run(seed, from("2030-01-01T00:00:30Z"), sim -> {
                create(Site.of(sim, "p"), "* * * * *", ZoneOffset.UTC,
                        ScheduleOptions.ofDefaults().withJitter(Duration.ofSeconds(30)));
                sim.store().onChange(key -> {
                    if (key.startsWith("tasks/") && Site.json(sim.store().peek(key)).path("gen").asInt() == 1
                            && Site.json(sim.store().peek(key)).path("status").asString("").equals("PENDING")) {
                        late.add(Duration
                                .between(sim.now().truncatedTo(java.time.temporal.ChronoUnit.MINUTES), sim.now())
                                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
                    }
                });
                start(sim, "w0");
                sim.sleep(Duration.ofMinutes(10));
            });
            assertThat(late).hasSize(10).allMatch(each -> each.compareTo(Duration.ofSeconds(31)) < 0);
            assertThat(new HashSet<>(late).size()).isGreaterThan(5);
            if (seed == 0) {
                first.addAll(late);
            }
            assertThat(late).isEqualTo(first);
        }
    }

    @Test
    void create_whileASchedulerRunsElsewhere_firesWithinALook() {
        Simulation.run(7, from("2030-01-01T00:00:01Z"), sim -> {
            start(sim, "w0");
            sim.sleep(Duration.ofSeconds(20));
            create(Site.of(sim, "p"), "* * * * * ?", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            Instant created = sim.now();
            sim.sleep(Duration.ofSeconds(12));
            assertThat(submitted(sim)).hasSizeBetween(11, 13).first()
                    .isEqualTo(created.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).plusSeconds(1).toString());
        });
    }

    @Test
    void pauseResumeTriggerDelete_eachDoesWhatItSays() {
        Simulation.run(8, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            Schedules on = Schedules.on(site.windlass);
            create(site, "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults().withPaused(true));
            start(sim, "w0");
            sim.sleep(Duration.ofMinutes(5));
            assertThat(submitted(sim)).isEmpty();
            String id = on.trigger("s");
            sim.runUntil(() -> Site.status(sim, id).equals("COMPLETED"), Duration.ofMinutes(1));
            assertThat(on.get("s").counts().fired()).isEqualTo(1);
            assertThat(on.resume("s").nextFireTime()).isEqualTo(Instant.parse("2030-01-01T00:06:00Z"));
            sim.sleep(Duration.ofMinutes(2));
            assertThat(on.get("s").counts()).isEqualTo(new Schedule.Counts(3, 0, 0, 0));
            on.pause("s");
            on.pause("s");
            sim.sleep(Duration.ofMinutes(2));
            assertThat(on.get("s").counts().fired()).isEqualTo(3);
            assertThat(on.delete("s")).isTrue();
            assertThat(on.delete("s")).isFalse();
            assertThatThrownBy(() -> on.get("s")).isInstanceOf(ScheduleNotFoundException.class);
            assertThat(on.list()).isEmpty();
            create(site, "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            sim.sleep(Duration.ofMinutes(3));
            assertThat(on.get("s").counts().fired()).isBetween(2L, 3L);
        });
    }

    @Test
    void fire_targetIsAGraph_aRunEach() {
        Simulation.run(9, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            DagDefinition dag = DagDefinition.builder("report")
                    .step("count", "count", JsonNodeFactory.instance.stringNode("shop")).build();
            Schedules.on(site.windlass).create("nightly/report", Cron.parse("* * * * *"), BERLIN,
                    ScheduleTarget.dag(dag), ScheduleOptions.ofDefaults().withOverlap(OverlapPolicy.SKIP));
            Site at = Site.of(sim, "w0");
            Workflows workflows = Workflows.on(at.windlass.engine()).stepType("count",
                    (step, input, parents) -> input.asString());
            Schedules.on(at.windlass).worker(workflows.worker(at.windlass.worker().id("w0"))).start();
            sim.sleep(Duration.ofMinutes(3));
            Schedule after = Schedules.on(site.windlass).get("nightly/report");
            assertThat(after.counts()).isEqualTo(new Schedule.Counts(3, 0, 0, 0));
            assertThat(after.lastId()).isEqualTo("nightly/report@2030-01-01T00:03:00Z");
            assertThat(Workflows.on(site.windlass.engine()).handle("nightly/report@2030-01-01T00:03:00Z")
                    .await(Duration.ofMinutes(1)).get("count")).isNotNull();
        });
    }

    @Test
    void fire_targetIsAFunction_aRunEachWithTheFireTime() {
        Simulation.run(9, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            WorkflowType<JsonNode, String> type = WorkflowType.of("report", JsonNode.class, String.class)
                    .withVersion(2);
            JsonNode input = JsonNodeFactory.instance.objectNode().put("of", "shop");
            Schedules on = Schedules.on(site.windlass);
            Schedule created = on.create("nightly/report", Cron.parse("* * * * *"), BERLIN,
                    ScheduleTarget.workflow(type, input).withFireTime("at"));
            assertThat(created.target()).hasToString("workflow report of version 2");
            assertThat(((WorkflowTarget) on.get("nightly/report").target()).fireTimeField()).isEqualTo("at");
            Site at = Site.of(sim, "w0");
            Workflows workflows = Workflows.on(at.windlass.engine()).workflow(type, (ctx, given) -> ctx.step("count",
                    String.class, step -> given.path("of").asString() + " at " + given.path("at").asString()));
            Schedules.on(at.windlass).worker(workflows.worker(at.windlass.worker().id("w0"))).start();
            sim.sleep(Duration.ofMinutes(3));
            Schedule after = on.get("nightly/report");
            assertThat(after.counts()).isEqualTo(new Schedule.Counts(3, 0, 0, 0));
            assertThat(Workflows.on(site.windlass.engine()).handle(type, "nightly/report@2030-01-01T00:03:00Z")
                    .await(Duration.ofMinutes(1))).isEqualTo("shop at 2030-01-01T01:03:00+01:00");
            assertThatThrownBy(() -> on.create("c", Cron.parse("@daily"), BERLIN,
                    ScheduleTarget.workflow(WorkflowType.of("r", String.class, Void.class), "x").withFireTime("at")))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("no JSON object");
            assertThatThrownBy(() -> WorkflowTarget.of("r", 0, null)).isInstanceOf(InvalidInputException.class);
        });
    }

    /** Of runs, the policies are as of tasks: the one that runs is asked to end, and ends as cancelled. */
    @Test
    void fire_previousRunHasNotEnded_isCancelled() {
        Simulation.run(11, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            WorkflowType<String, String> type = WorkflowType.of("waits", String.class, String.class);
            DagDefinition dag = DagDefinition.builder("sleeps").step("sleep", "sleep", null).build();
            ScheduleOptions options = ScheduleOptions.ofDefaults().withOverlap(OverlapPolicy.CANCEL_PREVIOUS)
                    .withEndAt(Instant.parse("2030-01-01T00:04:30Z"));
            Schedules on = Schedules.on(site.windlass);
            on.create("function", Cron.parse("* * * * *"), BERLIN, ScheduleTarget.workflow(type, "x"), options);
            on.create("graph", Cron.parse("* * * * *"), BERLIN, ScheduleTarget.dag(dag), options);
            Site at = Site.of(sim, "w0");
            Workflows workflows = Workflows.on(at.windlass.engine())
                    .workflow(type, (ctx, input) -> ctx.awaitSignal("never", String.class))
                    .stepType("sleep", (step, input, parents) -> {
                        at.actor.environment().sleep(Duration.ofDays(1));
                        return 1;
                    });
            Schedules.on(at.windlass).worker(workflows.worker(at.windlass.worker().id("w0"))).start();
            sim.sleep(Duration.ofMinutes(10));
            Workflows seen = Workflows.on(site.windlass.engine());
            for (String name : List.of("function", "graph")) {
                assertThat(on.get(name).counts()).isEqualTo(new Schedule.Counts(4, 0, 0, 0));
                for (int minute = 1; minute <= 3; minute++) {
                    assertThat(seen.handle(name + "@2030-01-01T00:0" + minute + ":00Z").status()).as(name)
                            .isEqualTo(WorkflowStatus.CANCELLED);
                }
                assertThat(seen.handle(name + "@2030-01-01T00:04:00Z").status().isFinal()).as(name).isFalse();
            }
        });
    }

    @Test
    void broken_objectBelowSchedules_othersFire() {
        Simulation.run(10, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            create(site, "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            sim.store().plant("schedules/a.json", Site.bytes("{\"name\": 1"));
            sim.store().plant("schedules/z.json",
                    Site.bytes("{\"name\":\"z\",\"status\":\"ACTIVE\",\"cron\":\"* * * *\"}"));
            start(sim, "w0");
            sim.sleep(Duration.ofMinutes(3));
            assertThat(submitted(sim)).hasSize(3);
            assertThat(Schedules.on(site.windlass).list()).hasSize(1);
        });
    }

    /** 1 PUT for the lease and 1 LIST a look; 1 GET of the lease a look where another holds it. */
    @Test
    void idle_anHour_costsAsStated() {
        Simulation.run(11, from("2030-01-01T00:00:30Z"), sim -> {
            Site site = Site.of(sim, "p");
            create(site, "0 0 1 1 *", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            var one = Schedules.on(Site.of(sim, "w0").windlass).scheduler(SchedulerOptions.ofDefaults());
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts before = sim.store().counts();
            sim.sleep(Duration.ofHours(1));
            RequestCounts alone = sim.store().counts().minus(before);
            assertThat(alone.put()).isBetween(345L, 375L);
            assertThat(alone.list()).isBetween(345L, 375L);
            assertThat(alone.get()).isZero();
            var other = Schedules.on(Site.of(sim, "w1").windlass).scheduler(SchedulerOptions.ofDefaults());
            sim.sleep(Duration.ofMinutes(1));
            before = sim.store().counts();
            sim.sleep(Duration.ofHours(1));
            RequestCounts two = sim.store().counts().minus(before);
            assertThat(two.put()).isBetween(345L, 375L);
            assertThat(two.get()).isBetween(345L, 375L);
            assertThat(one.isHolding()).isNotEqualTo(other.isHolding());
            one.close();
            sim.sleep(Duration.ofSeconds(15));
            assertThat(other.isHolding()).isTrue();
        });
    }

    /** A firing: 1 PUT of the schedule, 2 PUT of the submission; and 1 GET in the look after it, for each schedule that fired. */
    @Test
    void firing_eachOne_costsOnePutAndASubmission() {
        Simulation.run(12, from("2030-01-01T00:00:30Z"), sim -> {
            create(Site.of(sim, "p"), "* * * * *", ZoneOffset.UTC, ScheduleOptions.ofDefaults());
            Schedules.on(Site.of(sim, "w0").windlass).scheduler(SchedulerOptions.ofDefaults());
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts schedules = sim.store().counts("schedules/");
            RequestCounts tasks = sim.store().counts("tasks/");
            RequestCounts ready = sim.store().counts("ready/");
            sim.sleep(Duration.ofMinutes(30));
            assertThat(sim.store().counts("schedules/").minus(schedules).put()).isEqualTo(30);
            assertThat(sim.store().counts("schedules/").minus(schedules).get()).isBetween(30L, 60L);
            assertThat(sim.store().counts("tasks/").minus(tasks).put()).isEqualTo(30);
            assertThat(sim.store().counts("tasks/").minus(tasks).get()).isZero();
            assertThat(sim.store().counts("ready/").minus(ready).put()).isEqualTo(30);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOne_eachFireTimeIsFiredOnce(Fault.Kind kind) {
        int met = 0;
        for (int n = 1; n < 60; n++) {
            met += faultAt(n, kind) ? 1 : 0;
        }
        assertThat(met).isGreaterThan(20);
    }

    /** Whether the run had that many writes by schedulers. */
    private static boolean faultAt(int number, Fault.Kind kind) {
        boolean[] met = new boolean[1];
        try {
            Simulation.run(number, from("2030-01-01T00:00:30Z"), sim -> {
                ScheduleChecks checks = ScheduleChecks.watch(sim);
                Site site = Site.of(sim, "p");
                create(site, "0/10 * * * * ?", ZoneOffset.UTC,
                        ScheduleOptions.ofDefaults().withMisfireAfter(Duration.ofHours(1)));
                int[] puts = new int[1];
                sim.store().inject(Fault.of(kind), request -> request.kind() == RequestKind.PUT
                        && request.actor().startsWith("w") && ++puts[0] == number);
                var actors = new ArrayList<>(List.of(sim.actor("w0"), sim.actor("w1")));
                actors.forEach(actor -> starter(sim, actor));
                Set<Actor> replaced = new HashSet<>();
                for (int i = 0; i < 24; i++) {
                    sim.sleep(Duration.ofSeconds(5));
                    for (Actor actor : List.copyOf(actors)) {
                        if (actor.isCrashed() && replaced.add(actor)) {
                            actors.add(actor.restart());
                            starter(sim, actors.getLast());
                        }
                    }
                }
                met[0] = sim.store().injectedAll();
                sim.sleep(Duration.ofMinutes(4));
                Schedules.on(site.windlass).pause("s");
                sim.sleep(Duration.ofMinutes(2));
                Schedule after = Schedules.on(site.windlass).get("s");
                assertThat(checks.open()).isEmpty();
                assertThat(submitted(sim)).hasSize((int) after.counts().fired()).hasSizeGreaterThan(30);
                assertThat(after.counts().missed()).isZero();
            });
        } catch (SimulationFailure failure) {
            throw new AssertionError(kind + " at PUT " + number + ": " + failure.getMessage(), failure);
        }
        return met[0];
    }

    private static void starter(Simulation sim, Actor actor) {
        actor.start("starter", () -> {
            while (true) {
                try {
                    start(sim, actor, SchedulerOptions.ofDefaults());
                    return;
                } catch (WindlassException e) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                }
            }
        });
    }
}
