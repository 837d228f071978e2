package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** How many tasks a worker takes, of which types and queues, how often it looks, and for how long they may run. */
class WorkerRulesTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final TaskType<String, String> HEAVY = TaskType.of("heavy", String.class, String.class);

    /** How many run at once, by type. */
    private static final class Gauge {
        private final Map<String, Integer> running = new HashMap<>();
        private final Map<String, Integer> most = new TreeMap<>();

        private void enter(String type) {
            most.merge(type, running.merge(type, 1, Integer::sum), Math::max);
        }

        private void leave(String type) {
            running.merge(type, -1, Integer::sum);
        }
    }

    private static List<TaskHandle<String>> submit(Site site, String queue, TaskType<String, String> type, int count) {
        var handles = new ArrayList<TaskHandle<String>>();
        for (int i = 0; i < count; i++) {
            handles.add(site.windlass.queue(queue).submit(type, type.name() + i));
        }
        return handles;
    }

    @Test
    void typeConcurrency_backlogOfOneType_runsSoManyAtOnce_andHoldsUpNoOther() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            List<TaskHandle<String>> heavy = submit(site, Site.QUEUE, HEAVY, 30);
            List<TaskHandle<String>> light = submit(site, Site.QUEUE, Site.ECHO, 10);
            var gauge = new Gauge();
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                gauge.enter("echo");
                at.actor.environment().sleep(Duration.ofSeconds(1));
                gauge.leave("echo");
                return input;
            }, builder -> builder.concurrency(8).typeConcurrency("heavy", 2).handle(HEAVY, (task, input) -> {
                gauge.enter("heavy");
                at.actor.environment().sleep(Duration.ofMinutes(1));
                gauge.leave("heavy");
                return input;
            }));
            sim.sleep(Duration.ofSeconds(20));
            assertThat(light).allMatch(task -> Site.status(sim, task.id()).equals("COMPLETED"));

            RequestCounts before = sim.store().counts();
            sim.sleep(Duration.ofMinutes(5));
            // Two a minute start; what is held is not read again and again.
            assertThat(sim.store().counts().minus(before).get()).isLessThan(40);

            sim.runUntil(() -> heavy.stream().allMatch(task -> Site.status(sim, task.id()).equals("COMPLETED")),
                    Duration.ofMinutes(17)); // 15 minutes at least, two at once
            assertThat(gauge.most).containsEntry("heavy", 2);
            assertThat(gauge.most.get("echo")).isGreaterThan(2);
        });
    }

    @Test
    void typeConcurrency_heldTasksTakenByOthers_roomIsUsedSoonAllTheSame() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work(Site.ECHOES, builder -> builder.concurrency(64).typeConcurrency("heavy", 1)
                    .handle(HEAVY, (task, input) -> {
                        at.actor.environment().sleep(Duration.ofMinutes(2));
                        return input;
                    }));
            submit(site, Site.QUEUE, HEAVY, 1);
            sim.sleep(Duration.ofSeconds(10));
            List<TaskHandle<String>> others = submit(site, Site.QUEUE, HEAVY, 200);
            sim.sleep(Duration.ofSeconds(30)); // held here by now
            Worker helping = Site.of(sim, "w2").work(Site.ECHOES,
                    builder -> builder.concurrency(200).handle(HEAVY, (task, input) -> input));
            sim.runUntil(() -> others.stream().allMatch(task -> Site.status(sim, task.id()).equals("COMPLETED")),
                    Duration.ofMinutes(1));
            helping.close();
            TaskHandle<String> last = submit(site, Site.QUEUE, HEAVY, 1).getFirst();
            sim.runUntil(() -> Site.status(sim, last.id()).equals("COMPLETED"), Duration.ofMinutes(5));
        });
    }

    @Test
    void typeTimeout_shorterThanTheTasks_counts_longerDoesNot() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofMinutes(4)), builder -> builder.typeTimeout("echo", Duration.ofMinutes(1)));
            TaskHandle<String> task = site.submit("a");
            TaskHandle<String> shorter = site.submit("b",
                    SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(10)));
            TaskHandle<String> endless = site.submit("c", SubmitOptions.ofDefaults().withTimeout(null));
            sim.sleep(Duration.ofSeconds(5));
            TaskInfo running = site.info(task.id());
            var started = java.util.Objects.requireNonNull(running.startedAt());
            assertThat(Site.task(sim, task.id()).path("deadlineAt").asLong())
                    .isEqualTo(started.plusSeconds(60).toEpochMilli());
            sim.sleep(Duration.ofSeconds(10));
            assertThat(Site.events(sim, shorter.id())).contains("timed-out");
            assertThat(Site.events(sim, task.id())).doesNotContain("timed-out");
            sim.sleep(Duration.ofSeconds(50));
            assertThat(Site.events(sim, task.id())).contains("timed-out");
            assertThat(Site.events(sim, endless.id())).as("where the task says nothing, the worker does")
                    .contains("timed-out");
        });
    }

    @Test
    void weight_none_queuesTakeTurns() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            for (String queue : List.of("a", "b", "c")) {
                submit(site, queue, Site.ECHO, 50);
            }
            var ran = new TreeMap<String, Integer>();
            Site at = Site.of(sim, "w");
            at.windlass.worker().queue("a").queue("b").queue("c").concurrency(1).handle(Site.ECHO, (task, input) -> {
                ran.merge(task.queue(), 1, Integer::sum);
                at.actor.environment().sleep(Duration.ofSeconds(1));
                return input;
            }).start();
            sim.runUntil(() -> ran.values().stream().mapToInt(Integer::intValue).sum() >= 60, Duration.ofMinutes(5));
            assertThat(ran).hasSize(3);
            assertThat(ran.values()).allMatch(count -> count >= 18 && count <= 22, "about twenty each");
        });
    }

    @Test
    void weight_threeToOne_sharesSlotsThreeToOne_whileBothHaveTasks() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            submit(site, "big", Site.ECHO, 400);
            submit(site, "small", Site.ECHO, 400);
            var ran = new TreeMap<String, Integer>();
            Site at = Site.of(sim, "w");
            at.windlass.worker().queue("small").queue("big").weight("big", 3).concurrency(4)
                    .handle(Site.ECHO, (task, input) -> {
                        ran.merge(task.queue(), 1, Integer::sum);
                        at.actor.environment().sleep(Duration.ofSeconds(1));
                        return input;
                    }).start();
            sim.runUntil(() -> ran.values().stream().mapToInt(Integer::intValue).sum() >= 200, Duration.ofMinutes(10));
            assertThat(ran.getOrDefault("big", 0)).isBetween(140, 160);

            // A queue that has had nothing for long saves up no turns: it does not shut the other one out.
            sim.runUntil(() -> ran.values().stream().mapToInt(Integer::intValue).sum() == 800, Duration.ofMinutes(20));
            submit(site, "small", Site.ECHO, 200);
            sim.sleep(Duration.ofSeconds(20));
            submit(site, "big", Site.ECHO, 100);
            int before = ran.getOrDefault("big", 0);
            sim.sleep(Duration.ofSeconds(10));
            assertThat(ran.getOrDefault("big", 0) - before).isBetween(15, 35);
        });
    }

    @Test
    void maxTasks_soManyAttempts_thenDrainsByItself_othersTakeTheRest() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            List<TaskHandle<String>> tasks = submit(site, Site.QUEUE, Site.ECHO, 20);
            Site at = Site.of(sim, "w");
            Worker worker = at.work(at.sleeper(Duration.ofSeconds(1)), builder -> builder.maxTasks(7));
            sim.runUntil(() -> sim.store().keys("workers/").isEmpty(), Duration.ofMinutes(1));
            assertThat(worker.isRunning()).isFalse();
            sim.sleep(Duration.ofSeconds(5));
            assertThat(worker.stats().completed()).isEqualTo(7);
            assertThat(tasks.stream().filter(task -> Site.status(sim, task.id()).equals("COMPLETED"))).hasSize(7);
            assertThat(tasks.stream().filter(task -> Site.status(sim, task.id()).equals("PENDING"))).hasSize(13);
            assertThat(sim.store().keys("leases/")).isEmpty();
            assertThat(sim.store().keys("workers/")).isEmpty();
            Site.of(sim, "w2").work(Site.ECHOES);
            for (TaskHandle<String> task : tasks) {
                task.await(Site.LONG);
            }
        });
    }

    /** A candidate that comes to nothing costs no attempt of those that are allowed. */
    @Test
    void maxTasks_whereOthersWinTheRace_countsOwnAttemptsOnly() {
        Simulation.run(3, sim -> {
            Site site = Site.of(sim, "p");
            List<TaskHandle<String>> tasks = submit(site, Site.QUEUE, Site.ECHO, 60);
            var workers = new ArrayList<Worker>();
            for (int i = 0; i < 3; i++) {
                workers.add(Site.of(sim, "w" + i).work(Site.ECHOES, builder -> builder.maxTasks(20).concurrency(4)));
            }
            sim.runUntil(() -> tasks.stream().allMatch(task -> Site.status(sim, task.id()).equals("COMPLETED")),
                    Duration.ofMinutes(5));
            sim.runUntil(() -> sim.store().keys("workers/").isEmpty(), Duration.ofMinutes(1));
            assertThat(workers).allMatch(worker -> worker.stats().completed() == 20);
        });
    }

    @Test
    void poll_fixed_looksAlwaysSoOften() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("now").cancel("");
            Site.of(sim, "w").work(Site.ECHOES, builder -> builder.sweeper(false).poll(Duration.ofSeconds(2)));
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts before = sim.store().counts();
            sim.sleep(Duration.ofMinutes(10));
            RequestCounts spent = sim.store().counts().minus(before);
            assertThat(spent.list()).as("300 polls, and what levels are in use now and then").isBetween(270L, 370L);
            assertThat(spent.put() + spent.get()).isZero();
        });
    }

    /** The listing shows nothing, the handler has not begun, and still the worker is not idle: it is claiming. */
    @Test
    void isIdle_whileAClaimIsOnItsWay_isFalse() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> task = site.submit("x");
            Site at = Site.of(sim, "w");
            sim.store().inject(Fault.slow(Duration.ofSeconds(10)),
                    request -> request.is(RequestKind.PUT, "tasks/") && request.actor().equals("w"));
            Worker worker = at.work(Site.ECHOES, builder -> builder.sweeper(false));
            assertThat(worker.isIdle()).isTrue();
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            assertThat(worker.stats().running()).isZero();
            assertThat(worker.isIdle()).isFalse();
            task.await(Site.LONG);
            sim.sleep(Duration.ofSeconds(30)); // also a second try that the slow one has called for
            assertThat(worker.isIdle()).isTrue();
        });
    }

    /** Nobody is starved by what he cannot do; what it costs stands in docs/performance.md. */
    @Test
    void types_tenOfThem_tenFleetsOnOneQueue_eachGetsItsOwn() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            int each = 30;
            var tasks = new ArrayList<TaskHandle<String>>();
            var finished = new TreeMap<String, Duration>();
            // The worst order: nine types whose tasks lie before the last one's.
            for (int type = 0; type < 10; type++) {
                tasks.addAll(submit(site, Site.QUEUE, TaskType.of("t" + type, String.class, String.class), each));
            }
            Duration begin = sim.elapsed();
            RequestCounts before = sim.store().counts();
            for (int type = 0; type < 10; type++) {
                Site at = Site.of(sim, "fleet" + type);
                String name = "t" + type;
                at.windlass.worker().queue(Site.QUEUE).id("fleet" + type).concurrency(4)
                        .handle(TaskType.of(name, String.class, String.class), (task, input) -> {
                            at.actor.environment().sleep(Duration.ofSeconds(1));
                            finished.put(name, sim.elapsed().minus(begin));
                            return input;
                        }).start();
            }
            sim.runUntil(() -> tasks.stream().allMatch(task -> Site.status(sim, task.id()).equals("COMPLETED")),
                    Duration.ofMinutes(5));
            // Alone, thirty tasks of a second on four slots take 8 s.
            assertThat(finished.values()).allMatch(time -> time.compareTo(Duration.ofSeconds(25)) < 0,
                    "all done within 25 s");
            RequestCounts spent = sim.store().counts().minus(before);
            assertThat(spent.get()).as("each worker reads each task of others about once").isLessThan(10L * 300 + 600);
        });
    }

    private static void refused(Site site, Consumer<Worker.Builder> settings, String says) {
        assertThatThrownBy(() -> site.work(Site.ECHOES, settings)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(says);
    }

    @Test
    void builder_absurdOrContradictingRules_areRefused_andNothingIsWritten() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            refused(site, builder -> builder.weight("q", 0), "weight of the queue \"q\" is 0");
            refused(site, builder -> builder.weight("other", 2), "the worker does not have it");
            refused(site, builder -> builder.queue("own", 3).weight("own", 2), "slots of its own");
            refused(site, builder -> builder.typeConcurrency("echo", 0), "concurrency is 0");
            refused(site, builder -> builder.typeConcurrency("ecco", 2), "no handler");
            refused(site, builder -> builder.typeTimeout("echo", Duration.ZERO), "more than zero");
            refused(site, builder -> builder.typeTimeout("ecco", Duration.ofSeconds(1)), "no handler");
            refused(site, builder -> builder.maxTasks(0), "maximum of tasks is 0");
            refused(site, builder -> builder.poll(Duration.ZERO), "poll interval");
            refused(site, builder -> builder.poll(Duration.ofSeconds(2), Duration.ofSeconds(1)), "poll interval");
            refused(site, builder -> builder.weight("q", 1_001), "weight of the queue \"q\" is 1001");
            refused(site, builder -> builder.concurrency(10_001), "concurrency is 10001");
            refused(site, builder -> builder.typeConcurrency("echo", 10_001), "concurrency is 10001");
            refused(site, builder -> builder.typeTimeout("echo", Duration.ofDays(3_654)), "at most ten years");
            refused(site, builder -> builder.lease(Duration.ofHours(2), Duration.ofMinutes(1)), "1 second to 1 hour");
            refused(site, builder -> builder.lease(Duration.ofSeconds(30), Duration.ofMillis(10_001)),
                    "at most a third");
            refused(site, builder -> builder.lease(Duration.ofSeconds(30), Duration.ZERO), "more than zero");
            refused(site, builder -> builder.batch(0), "batch is 0");
            refused(site, builder -> builder.batch(1_001), "batch is 1001");
            refused(site, builder -> builder.queue("q", 3), "the queue \"q\" twice");
            refused(site, builder -> builder.queue("own", 3).queue("own"), "the queue \"own\" twice");
            refused(site, builder -> builder.handle(Site.ECHO, Site.ECHOES), "two handlers");
            refused(site, builder -> builder.engine("engine", new WorkerLifeTest.Ends()).typeConcurrency("engine", 2),
                    "belongs to an engine");
            assertThatThrownBy(() -> site.windlass.worker().handle(Site.ECHO, Site.ECHOES).start())
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("has no queue");
            assertThatThrownBy(() -> site.windlass.worker().queue("q").start())
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("has no handler");
            assertThat(sim.store().counts().put()).isZero();
        });
    }

    @Test
    void builder_ttlWithinTheUncertaintyOfTheStoresTime_isRefused() {
        Simulation.run(1, SimulationOptions.defaults(), sim -> {
            Site site = Site.of(sim, "p");
            refused(site, builder -> builder.lease(Duration.ofSeconds(1), Duration.ofMillis(300)),
                    "known only to within");
            assertThat(sim.store().counts().put()).isZero();
        });
    }
}
