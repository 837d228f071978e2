package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.playWatched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.queue.CancelReport;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** What becomes of a task that somebody asks to cancel, by what its handler does then (docs/protocol.md, "Cancel"). */
class CancelTest {
    private static final SubmitOptions PLAIN = SubmitOptions.ofDefaults();

    /** Asks to cancel the task from within its handler, which then ends as it likes. */
    private static TaskHandle<String> cancelled(Site site, SubmitOptions options, TaskHandler<String, String> end) {
        site.work((task, input) -> {
            assertThat(site.windlass.queue(Site.QUEUE).cancel(task.id(), "not needed", "ada")).isTrue();
            return end.handle(task, input);
        });
        return site.submit("x", options);
    }

    @Test
    void cancel_handlerCompletesAllTheSame_isCompleted_withItsResult() {
        playWatched((sim, site, queue) -> {
            TaskHandle<String> task = cancelled(site, PLAIN, (given, input) -> "done");
            assertThat(task.await(Site.LONG)).isEqualTo("done");
            TaskInfo info = task.get();
            assertThat(info.status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(info.cancelRequested()).isTrue();
            assertThat(info.cancelledBy()).isEqualTo("ada");
            assertThat(queue.cancel(task.id(), "too late", null)).isFalse();
        });
    }

    @Test
    void cancel_handlerFailsForGood_isFailed_withItsError() {
        playWatched((sim, site, queue) -> {
            TaskHandle<String> task = cancelled(site, PLAIN, (given, input) -> {
                throw new PermanentFailure("no such address");
            });
            assertThatThrownBy(() -> task.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("no such address");
            assertThat(sim.store().keys("dead/")).hasSize(1);
        });
    }

    @Test
    void cancel_handlerFailsInItsLastAttempt_isCancelled_andInNoDeadIndex() {
        playWatched((sim, site, queue) -> {
            TaskHandle<String> task = cancelled(site, PLAIN.withRetry(RetryPolicy.none()), (given, input) -> {
                throw new IllegalStateException("interrupted");
            });
            assertThatThrownBy(() -> task.await(Site.LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("not needed");
            assertThat(sim.store().keys("dead/")).isEmpty();
        });
    }

    @Test
    void cancel_handlerReschedules_isCancelled_alsoByOneRescheduleTooMany() {
        for (SubmitOptions options : new SubmitOptions[]{PLAIN, PLAIN.withMaxReschedules(0)}) {
            playWatched((sim, site, queue) -> {
                TaskHandle<String> task = cancelled(site, options, (given, input) -> {
                    throw given.reschedule(Duration.ofSeconds(1));
                });
                assertThatThrownBy(() -> task.await(Site.LONG)).isInstanceOf(TaskCancelledException.class)
                        .hasMessageContaining("not needed");
                assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed", "cancel-requested",
                        "cancelled");
                assertThat(task.get().cancelReason()).isEqualTo("not needed");
                sim.sleep(Duration.ofSeconds(1));
                assertThat(sim.store().keys("ready/")).isEmpty();
                assertThat(sim.store().keys("dead/")).isEmpty();
            });
        }
    }

    @Test
    void cancel_again_isTheSame_andTheFirstReasonStays() {
        playWatched((sim, site, queue) -> {
            TaskHandle<String> waiting = site.submit("waiting", PLAIN.withDelay(Duration.ofHours(1)));
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                long end = at.actor.environment().nanoTime() + Duration.ofMinutes(2).toNanos();
                while (at.actor.environment().nanoTime() < end) {
                    try {
                        at.actor.environment().sleep(Duration.ofSeconds(10));
                    } catch (InterruptedException e) {
                        // goes on
                    }
                }
                throw new IllegalStateException("at last");
            });
            TaskHandle<String> running = site.submit("running");
            sim.runUntil(() -> Site.status(sim, running.id()).equals("RUNNING"), Duration.ofMinutes(1));
            for (TaskHandle<String> task : java.util.List.of(waiting, running)) {
                assertThat(queue.cancel(task.id(), "first", "ada")).isTrue();
                long puts = sim.store().counts().put();
                assertThat(queue.cancel(task.id(), "second", "eve")).isTrue();
                assertThat(sim.store().counts().put()).isEqualTo(puts);
            }
            sim.runUntil(() -> Site.status(sim, running.id()).equals("CANCELLED"), Duration.ofMinutes(3));
            for (TaskHandle<String> task : java.util.List.of(waiting, running)) {
                assertThat(task.get().cancelReason()).isEqualTo("first");
                assertThat(task.get().cancelledBy()).isEqualTo("ada");
            }
        });
    }

    /** Leases list what runs anywhere. */
    @Test
    void cancelAll_leavesAloneWhatRunsInOtherQueues() {
        playWatched((sim, site, queue) -> {
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofHours(1)), builder -> builder.queue("other"));
            TaskHandle<String> here = site.submit("here");
            TaskHandle<String> elsewhere = site.windlass.queue("other").submit(Site.ECHO, "elsewhere");
            sim.runUntil(() -> Site.status(sim, here.id()).equals("RUNNING")
                    && Site.status(sim, elsewhere.id()).equals("RUNNING"), Duration.ofMinutes(1));
            assertThat(queue.cancelAll(task -> true, "not needed", null)).isEqualTo(new CancelReport(0, 1, 0));
            sim.sleep(Duration.ofSeconds(30));
            assertThat(Site.status(sim, here.id())).isEqualTo("CANCELLED");
            assertThat(Site.status(sim, elsewhere.id())).isEqualTo("RUNNING");
            assertThat(elsewhere.get().cancelRequested()).isFalse();
        });
    }

    /** The claim's own answer was lost, the message could not be left: but the body that told of the claim tells of the cancel. */
    @Test
    void cancel_unheardOfByMessage_isSeenInTheBodyThatConfirmsTheClaim() {
        playWatched((sim, site, queue) -> {
            Site at = Site.of(sim, "w");
            sim.store().inject(Fault.of(Fault.Kind.LOST_AFTER),
                    request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
            boolean[] claimed = new boolean[1];
            sim.store().onRequest(request -> claimed[0] |= request.actor().equals("w")
                    && request.is(RequestKind.PUT, "tasks/"));
            sim.store().inject(Fault.of(Fault.Kind.LOST_BEFORE), request -> claimed[0] && request.actor().equals("w")
                    && request.is(RequestKind.GET, "tasks/"));
            sim.store().inject(100, Fault.of(Fault.Kind.REFUSED_403),
                    request -> request.actor().equals("p") && request.is(RequestKind.PUT, "leases/"));
            at.work(at.sleeper(Duration.ofHours(5)));
            TaskHandle<String> task = site.submit("x", PLAIN.withTimeout(null));
            sim.runUntil(() -> Site.status(sim, task.id()).equals("RUNNING"), Duration.ofMinutes(1));
            assertThat(queue.cancel(task.id(), "not needed", null)).isTrue();
            sim.runUntil(() -> Site.status(sim, task.id()).equals("CANCELLED"), Duration.ofMinutes(1));
        });
    }
}
