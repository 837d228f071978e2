package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.play;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.windlass.TaskNotFoundException;
import dev.windlass.queue.CancelReport;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.DeadLetter;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.WorkerInfo;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** What operators do with many tasks, and what they look at. */
class OperatorsTest {
    private static final SubmitOptions PLAIN = SubmitOptions.ofDefaults();

    @Test
    void find_andCancelAll_askOfOneTaskAtATime() {
        play((sim, site, queue) -> {
            for (int i = 0; i < 40; i++) {
                site.submit("task " + i);
            }
            var inside = new AtomicInteger();
            var most = new AtomicInteger();
            var asked = new AtomicInteger();
            Predicate<TaskInfo> wanted = task -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                try {
                    sim.sleep(Duration.ofMillis(5)); // others would come in meanwhile
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                inside.decrementAndGet();
                return asked.incrementAndGet() % 2 == 0;
            };
            assertThat(site.windlass.find(wanted, 100)).hasSize(20);
            assertThat(queue.cancelAll(wanted, "half of them", null).cancelled()).isEqualTo(20);
            assertThat(asked).hasValue(80);
            assertThat(most).hasValue(1);
        });
    }

    @Test
    void cancelAll_waitingAndRunning_thatMatch_andNoOthers_withReasonAndAuthor() {
        play((sim, site, queue) -> {
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofHours(1)), builder -> builder.concurrency(2));
            SubmitOptions marked = PLAIN.withTag("batch", "7");
            TaskHandle<String> running = site.submit("running", marked);
            TaskHandle<String> other = site.submit("other");
            sim.runUntil(() -> Site.status(sim, other.id()).equals("RUNNING")
                    && Site.status(sim, running.id()).equals("RUNNING"), Duration.ofMinutes(1));
            TaskHandle<String> waiting = site.submit("waiting", marked);
            TaskHandle<String> later = site.submit("later", marked.withDelay(Duration.ofHours(1)));
            TaskHandle<String> kept = site.submit("kept");
            TaskHandle<String> elsewhere = site.windlass.queue("r").submit(Site.ECHO, "elsewhere", marked);

            CancelReport report = queue.cancelAll(task -> "7".equals(task.tags().get("batch")), "not needed", "ada");

            assertThat(report).isEqualTo(new CancelReport(2, 1, 0));
            for (TaskHandle<String> task : List.of(waiting, later)) {
                TaskInfo info = task.get();
                assertThat(info.status()).isEqualTo(TaskStatus.CANCELLED);
                assertThat(info.cancelledBy()).isEqualTo("ada");
                assertThat(info.cancelReason()).isEqualTo("not needed");
            }
            sim.runUntil(() -> Site.status(sim, running.id()).equals("CANCELLED"), Duration.ofSeconds(11));
            assertThat(running.get().cancelledBy()).isEqualTo("ada");
            assertThat(running.get().cancelReason()).isEqualTo("not needed");
            assertThat(List.of(kept.get().status(), elsewhere.get().status())).containsOnly(TaskStatus.PENDING);
            assertThat(other.get().cancelRequested()).isFalse();
            assertThat(queue.cancelAll(task -> "7".equals(task.tags().get("batch")), "", null))
                    .isEqualTo(new CancelReport(0, 0, 0));

            String done = site.windlass.queue("s").submit(Site.ECHO, "done", marked).id();
            String readyKey = sim.store().keys("ready/s/").getFirst();
            site.handle(done).cancel("");
            sim.sleep(Duration.ofSeconds(1));
            sim.store().plant(readyKey, new byte[0]); // as one whose delete is late
            assertThat(site.windlass.queue("s").cancelAll(task -> true, "", null))
                    .as("it had ended before it was asked for")
                    .isEqualTo(new CancelReport(0, 0, 0));
        });
    }

    @Test
    void redrive_failed_beginsAnewWithAllItsAttempts_andItsDeadLetterGoes() {
        play((sim, site, queue) -> {
            var mended = new AtomicBoolean();
            Site.of(sim, "w").work((task, input) -> {
                if (!mended.get()) {
                    throw new PermanentFailure("no such address");
                }
                return "sent";
            });
            TaskHandle<String> task = site.submit("task");
            sim.runUntil(() -> Site.status(sim, task.id()).equals("FAILED"), Duration.ofMinutes(1));
            List<DeadLetter> letters = queue.deadLetters(10);
            assertThat(letters).singleElement().satisfies(letter -> {
                assertThat(letter.taskId()).isEqualTo(task.id());
                assertThat(letter.error()).contains("no such address");
                assertThat(letter.type()).isEqualTo("echo");
            });
            assertThat(site.windlass.queuesWithDeadLetters()).containsExactly(Site.QUEUE);
            mended.set(true);
            sim.sleep(Duration.ofSeconds(1));

            RequestCounts before = sim.store().counts("tasks/");
            assertThat(queue.redrive(task.id(), "mended")).isTrue();
            assertThat(sim.store().counts("tasks/").minus(before)).isEqualTo(new RequestCounts(1, 1, 0, 0, 0, 0));
            assertThat(task.get().failures()).isZero();
            assertThat(task.await(Site.LONG)).isEqualTo("sent");
            assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed", "failed", "redriven",
                    "claimed", "completed");
            assertThat(queue.redrive(task.id(), "again")).as("it is completed").isFalse();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(queue.deadLetters(10)).isEmpty();
            assertThat(site.windlass.audit(false).findings()).isEmpty();
        });
    }

    @Test
    void redrive_cancelledAndExpired_runAgain_runningAndWaiting_doNot_unknown_isRefused() {
        play((sim, site, queue) -> {
            TaskHandle<String> cancelled = site.submit("cancelled");
            cancelled.cancel("no");
            TaskHandle<String> expired = site.submit("expired", PLAIN.withTtl(Duration.ofSeconds(1)));
            TaskHandle<String> waits = site.submit("waits", PLAIN.withDelay(Duration.ofHours(1)));
            sim.sleep(Duration.ofSeconds(2));
            queue.expire(expired.id());
            assertThat(queue.redrive(waits.id(), "")).isFalse();
            assertThat(queue.redrive(cancelled.id(), "")).isTrue();
            assertThat(queue.redrive(cancelled.id(), "")).isFalse();
            assertThat(queue.redrive(expired.id(), "")).isTrue();
            assertThatThrownBy(() -> queue.redrive("nobody", "")).isInstanceOf(TaskNotFoundException.class);
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(cancelled.await(Site.LONG)).isEqualTo("echo cancelled");
            assertThat(expired.await(Site.LONG)).isEqualTo("echo expired");
        });
    }

    @Test
    void redrive_reschedulesBeginAnew_andAnExpiryToComeStays() {
        play((sim, site, queue) -> {
            TaskHandle<String> often = site.submit("often", PLAIN.withMaxReschedules(2));
            var runs = new AtomicInteger();
            Site.of(sim, "w").work((task, input) -> {
                if (runs.incrementAndGet() < 6) {
                    throw task.reschedule(Duration.ofSeconds(1));
                }
                return input;
            });
            sim.runUntil(() -> Site.status(sim, often.id()).equals("FAILED"), Duration.ofMinutes(1));
            assertThat(queue.redrive(often.id(), "")).isTrue();
            assertThat(often.await(Site.LONG)).isEqualTo("often");
            assertThat(often.get().reschedules()).isEqualTo(2);

            TaskHandle<String> brief = site.submit("brief",
                    PLAIN.withTtl(Duration.ofHours(1)).withDelay(Duration.ofMinutes(1)));
            brief.cancel("no");
            assertThat(queue.redrive(brief.id(), "")).isTrue();
            assertThat(brief.get().expiresAt()).isEqualTo(brief.get().createdAt().plus(Duration.ofHours(1)));
        });
    }

    @Test
    void redrive_racesAnother_oneWins_andNothingIsLeftOver() {
        play((sim, site, queue) -> {
            TaskHandle<String> task = site.submit("task");
            task.cancel("no");
            var answers = new ArrayList<Boolean>();
            for (int i = 0; i < 4; i++) {
                Site at = Site.of(sim, "r" + i);
                at.actor.start("redriver", () -> answers.add(at.windlass.queue(Site.QUEUE).redrive(task.id(), "")));
            }
            sim.runUntil(() -> answers.size() == 4, Duration.ofMinutes(1));
            assertThat(answers).containsOnlyOnce(true);
            sim.sleep(Duration.ofSeconds(1));
            assertThat(sim.store().keys("ready/")).hasSize(1);
            assertThat(Site.task(sim, task.id()).path("gen").asInt()).isEqualTo(2);
        });
    }

    @Test
    void workers_sayWhatTheyHold_whetherTheyLive_andWhoClaimsByHand() {
        play((sim, site, queue) -> {
            Site at = Site.of(sim, "w1");
            at.work(at.sleeper(Duration.ofHours(1)), builder -> builder.sweeper(false));
            TaskHandle<String> held = site.submit("held", PLAIN.withTimeout(null));
            sim.runUntil(() -> Site.status(sim, held.id()).equals("RUNNING"), Duration.ofMinutes(1));
            Site.of(sim, "idle").work(Site.ECHOES, builder -> builder.sweeper(false));
            String byHand = site.windlass.queue("hand").submit(Site.ECHO, "x").id();
            site.windlass.queue("hand").claim(ClaimOptions.ofDefaults().withWorker("ada"));

            List<WorkerInfo> workers = site.windlass.workers();

            assertThat(workers).extracting(WorkerInfo::id).containsExactly("ada", "idle", "w1");
            WorkerInfo ada = workers.stream().filter(worker -> worker.id().equals("ada")).findFirst().orElseThrow();
            assertThat(ada.byHand()).isTrue();
            assertThat(ada.tasks()).containsExactly(byHand);
            WorkerInfo busy = workers.stream().filter(worker -> worker.id().equals("w1")).findFirst().orElseThrow();
            assertThat(busy.alive()).isTrue();
            assertThat(busy.byHand()).isFalse();
            assertThat(busy.queues()).containsExactly(Site.QUEUE);
            assertThat(busy.types()).containsExactly("echo");
            at.actor.crash();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(site.windlass.workers()).anySatisfy(worker -> {
                assertThat(worker.id()).isEqualTo("w1");
                assertThat(worker.alive()).isFalse();
            });
        });
    }
}
