package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.Transition;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** What docs/queues.md promises of a task's history, and that it is kept. */
class HistoryTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final SubmitOptions OFTEN = SubmitOptions.ofDefaults()
            .withRetry(RetryPolicy.fixed(100, Duration.ofSeconds(1)));

    private static List<String> events(TaskInfo task) {
        return task.history().stream().map(Transition::event).toList();
    }

    /** The default of four attempts, a redrive, and four more: the whole life is there. */
    @Test
    void history_ofAllAttemptsOfTwoLives_isWhole_withTimeWorkerAttemptAndCause() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            Instant begin = sim.now();
            TaskHandle<String> task = site.submit("x", SubmitOptions.ofDefaults()
                    .withRetry(RetryPolicy.fixed(4, Duration.ofSeconds(1))));
            Worker worker = Site.of(sim, "w").work((given, input) -> {
                throw new IllegalStateException("no luck in attempt " + given.attempt());
            });
            sim.runUntil(() -> Site.status(sim, task.id()).equals("FAILED"), Duration.ofMinutes(5));
            site.windlass.queue(Site.QUEUE).redrive(task.id(), "once more");
            sim.runUntil(() -> Site.task(sim, task.id()).path("attempt").asInt() == 8
                    && Site.status(sim, task.id()).equals("FAILED"),
                    Duration.ofMinutes(5));

            List<Transition> history = task.get().history();
            assertThat(history).hasSize(18).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
            assertThat(history.getFirst().event()).isEqualTo("submitted");
            assertThat(history.getFirst().at()).isBetween(begin, begin.plusSeconds(1));
            assertThat(history.get(9).event()).isEqualTo("redriven");
            assertThat(history.get(9).cause()).isEqualTo("once more");
            for (int attempt = 1; attempt <= 8; attempt++) {
                Transition claimed = history.get(attempt * 2 - (attempt > 4 ? 0 : 1));
                Transition failed = history.get(attempt * 2 + (attempt > 4 ? 1 : 0));
                assertThat(claimed.event()).isEqualTo("claimed");
                assertThat(failed.event()).isEqualTo("failed");
                assertThat(failed.cause()).contains("IllegalStateException").contains("no luck in attempt " + attempt);
                for (Transition line : List.of(claimed, failed)) {
                    assertThat(line.attempt()).isEqualTo(attempt);
                    assertThat(line.worker()).isEqualTo(worker.id());
                }
            }
        });
    }

    @Test
    void history_ofALongLife_isItsLastTwentyLines_andCountersAndTimesStay() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            Site.of(sim, "w").work((given, input) -> {
                if (given.attempt() <= 30) {
                    throw new IllegalStateException("no " + given.attempt());
                }
                return input;
            });
            TaskHandle<String> task = site.submit("x", OFTEN);
            Instant created = task.get().createdAt();
            assertThat(task.await(Site.LONG)).isEqualTo("x");
            TaskInfo info = task.get();
            assertThat(events(info)).hasSize(20).endsWith("failed", "claimed", "completed");
            assertThat(info.history().stream().map(Transition::attempt).distinct().toList())
                    .isEqualTo(IntStream.rangeClosed(22, 31).boxed().toList());
            assertThat(info.createdAt()).isEqualTo(created);
            assertThat(info.attempt()).isEqualTo(31);
            assertThat(info.failures()).isEqualTo(30);
        });
    }

    /** What others do to it is in it too: a lost lease, a cancel, an expiry. */
    @Test
    void history_ofWhatOthersDo_saysWhoAndWhy() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> expired = site.submit("late", OFTEN.withDelay(Duration.ofSeconds(1))
                    .withTtl(Duration.ofSeconds(2)));
            TaskHandle<String> cancelled = site.submit("unwanted", OFTEN.withDelay(Duration.ofHours(1)));
            site.windlass.queue(Site.QUEUE).cancel(cancelled.id(), "not needed", "ada");
            sim.sleep(Duration.ofSeconds(5));
            TaskHandle<String> lost = site.submit("lost", OFTEN);
            Site dead = Site.of(sim, "dead");
            dead.work(dead.sleeper(Duration.ofDays(1)));
            sim.runUntil(() -> Site.status(sim, lost.id()).equals("RUNNING"), Duration.ofMinutes(1));
            dead.actor.crash();
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(lost.await(Site.LONG)).isEqualTo("echo lost");

            assertThat(events(expired.get())).endsWith("expired");
            assertThat(events(cancelled.get())).containsExactly("submitted", "cancelled");
            assertThat(cancelled.get().history().getLast().cause()).isEqualTo("not needed");
            assertThat(cancelled.get().cancelledBy()).isEqualTo("ada");
            assertThat(events(lost.get())).containsExactly("submitted", "claimed", "lease-lost", "claimed",
                    "completed");
            assertThat(lost.get().history().get(2).worker()).isEqualTo("dead");
        });
    }
}
