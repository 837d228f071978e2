package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.STEADY;
import static dev.windlass.simulation.OneProcess.claimOne;
import static dev.windlass.simulation.OneProcess.playWatched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.LeaseLostException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** Programs that are no workers claim, extend and end claims. */
class ManualClaimTest {
    private static final ClaimOptions MINUTE = ClaimOptions.ofDefaults().withLease(Duration.ofMinutes(1));
    private static final TaskError NO = new TaskError("failure", "no", null);

    @Test
    void claim_complete_costsTwoPutsAndAGet_thenOnePut() {
        playWatched((sim, site, queue) -> {
            site.submit("first").cancel("");
            site.submit("task");
            queue.claim(MINUTE); // sweeps, and learns the levels
            site.submit("second");
            RequestCounts before = sim.store().counts();

            ClaimedTask task = claimOne(queue, MINUTE);
            sim.sleep(Duration.ofSeconds(1));

            // the ready key is deleted beside it
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 1, 1, 1, 0, 0));
            assertThat(task.info().status()).isEqualTo(TaskStatus.RUNNING);
            assertThat(Objects.requireNonNull(task.input()).asString()).isEqualTo("second");

            before = sim.store().counts();
            assertThat(task.complete("done").status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(1, 0, 0, 1, 0, 0));
            assertThat(site.handle(task.id()).await(Site.LONG)).isEqualTo("done");
        });
    }

    @Test
    void claimed_byIdAndToken_extendCostsTwoGetsAndAPut_completeOneGetMore() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask claimed = claimOne(queue, MINUTE);
            sim.sleep(Duration.ofSeconds(1));
            TaskQueue elsewhere = Site.of(sim, "other").windlass.queue("any");
            RequestCounts before = sim.store().counts();

            ClaimedTask task = elsewhere.claimed(claimed.id(), claimed.token());
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(0, 0, 0, 0, 0, 0));
            task.extend(Duration.ofMinutes(2));
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(1, 2, 0, 0, 0, 0));
            task.extend(Duration.ofMinutes(2));
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 2, 0, 0, 0, 0));

            before = sim.store().counts();
            elsewhere.claimed(claimed.id(), claimed.token()).complete("done");
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(1, 1, 0, 1, 0, 0));
            assertThat(sim.store().keys("leases/")).isEmpty();
        });
    }

    @Test
    void claim_many_oneLeaseEach_inOrder() {
        playWatched((sim, site, queue) -> {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 5; i++) {
                ids.add(site.submit("task " + i).id());
                sim.sleep(Duration.ofSeconds(1));
            }

            List<ClaimedTask> claimed = queue.claim(MINUTE.withCount(4));

            assertThat(claimed.stream().map(ClaimedTask::id)).containsExactlyElementsOf(ids.subList(0, 4));
            assertThat(sim.store().keys("leases/")).hasSize(4);
            claimed.forEach(task -> task.complete(null));
            assertThat(sim.store().keys("leases/")).isEmpty();
            assertThat(queue.claim(MINUTE.withCount(4))).hasSize(1);
        });
    }

    @Test
    void lease_notExtended_isRecoveredByTheNextClaim_andTheOldTokenIsRefused() {
        playWatched((sim, site, queue) -> {
            site.submit("task", SubmitOptions.ofDefaults().withRetry(RetryPolicy.exponential(2)));
            ClaimedTask first = claimOne(queue, MINUTE.withWorker("ada"));
            sim.sleep(Duration.ofSeconds(50));
            assertThat(queue.claim(MINUTE)).isEmpty();
            sim.sleep(Duration.ofSeconds(20));

            ClaimedTask second = claimOne(Site.of(sim, "other").windlass.queue(Site.QUEUE), MINUTE);

            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.info().attempt()).isEqualTo(2);
            assertThat(second.info().failures()).isEqualTo(1);
            assertThat(Site.events(sim, first.id())).containsExactly("submitted", "claimed", "lease-lost", "claimed");
            assertThatThrownBy(() -> first.complete("late")).isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining(first.token()).hasMessageContaining("ended as lease-lost")
                    .hasMessageContaining("ada").hasMessageContaining("running in attempt 2");
            assertThatThrownBy(() -> first.fail(NO, true)).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> first.requeue(Duration.ZERO)).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> first.extend(Duration.ofMinutes(1))).isInstanceOf(LeaseLostException.class);
            assertThat(Site.status(sim, first.id())).isEqualTo("RUNNING");
            second.complete("done");
            assertThat(sim.store().keys("leases/")).isEmpty();
        });
    }

    @Test
    void lease_extendedInTime_isRespectedByWorkersSweepers() {
        playWatched((sim, site, queue) -> {
            site.submit("task", SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(30)));
            ClaimedTask task = claimOne(queue, MINUTE);
            Site.of(sim, "w").work(Site.ECHOES);
            for (int i = 0; i < 10; i++) {
                sim.sleep(Duration.ofSeconds(45));
                // the lease takes the place of the time-out
                task.extend(Duration.ofMinutes(1));
            }
            assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed");
            assertThat(Site.task(sim, task.id()).path("deadlineAt").isMissingNode()).isTrue();
            sim.sleep(Duration.ofMinutes(2));
            assertThat(site.handle(task.id()).await(Site.LONG)).isEqualTo("echo task");
            assertThat(Site.task(sim, task.id()).path("attempt").asInt()).isEqualTo(2);
        });
    }

    @Test
    void sweeper_leaseOfALongManualClaim_isReadOnceUntilItIsWrittenAgain() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE.withLease(Duration.ofHours(1)));
            Site.of(sim, "w").work(Site.ECHOES, builder -> builder.queue("idle"));
            sim.sleep(Duration.ofMinutes(2));
            RequestCounts before = sim.store().counts("leases/");
            sim.sleep(Duration.ofMinutes(20));
            assertThat(sim.store().counts("leases/").minus(before).get()).isZero();
            task.extend(Duration.ofHours(1));
            sim.sleep(Duration.ofMinutes(20));
            assertThat(sim.store().counts("leases/").minus(before).get()).isEqualTo(1);
        });
    }

    @Test
    void end_repeated_isAnsweredAlike_otherwise_isRefused() {
        playWatched((sim, site, queue) -> {
            site.submit("a");
            ClaimedTask task = claimOne(queue, MINUTE);
            task.complete("done");
            ClaimedTask again = queue.claimed(task.id(), task.token());
            assertThat(again.complete("done").status()).isEqualTo(TaskStatus.COMPLETED);
            assertThatThrownBy(() -> again.complete("other")).isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("ended as completed");
            assertThatThrownBy(() -> again.fail(NO, false)).isInstanceOf(LeaseLostException.class);

            site.submit("b");
            ClaimedTask failed = claimOne(queue, MINUTE);
            failed.fail(NO, false);
            assertThat(queue.claimed(failed.id(), failed.token()).fail(NO, false).failures()).isEqualTo(1);
            assertThatThrownBy(() -> queue.claimed(failed.id(), failed.token())
                    .fail(new TaskError("failure", "other", null), false)).isInstanceOf(LeaseLostException.class);

            site.submit("c", SubmitOptions.ofDefaults().withPriority(0));
            ClaimedTask back = claimOne(queue, MINUTE);
            assertThat(back.requeue(Duration.ZERO).status()).isEqualTo(TaskStatus.PENDING);
            assertThat(back.requeue(Duration.ZERO).failures()).isZero();
            ClaimedTask next = claimOne(queue, MINUTE);
            assertThat(next.id()).isEqualTo(back.id());
            assertThatThrownBy(() -> queue.claimed(back.id(), back.token()).complete(null))
                    .isInstanceOf(LeaseLostException.class).hasMessageContaining("ended as released");
        });
    }

    @Test
    void fail_permanent_isFailed_withADeadEntry() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            RequestCounts before = sim.store().counts();
            assertThat(task.fail(NO, true).status()).isEqualTo(TaskStatus.FAILED);
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 0, 0, 1, 0, 0));
            assertThat(sim.store().keys("dead/")).hasSize(1);
        });
    }

    @Test
    void requeue_withDelay_isNotClaimedBefore() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            claimOne(queue, MINUTE).requeue(Duration.ofMinutes(10));
            assertThat(queue.claim(MINUTE)).isEmpty();
            assertThat(queue.isDrained()).isFalse();
            sim.sleep(Duration.ofMinutes(10).plusSeconds(1));
            assertThat(queue.claim(MINUTE)).hasSize(1);
        });
    }

    @Test
    void cancel_whileClaimed_isToldByExtend_andTurnsAFailureIntoCancelled() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            assertThat(task.extend(Duration.ofMinutes(1)).cancelReason()).isNull();
            assertThat(site.handle(task.id()).cancel("wrong address")).isTrue();

            assertThat(task.extend(Duration.ofMinutes(1)).cancelReason()).isEqualTo("wrong address");
            assertThat(task.extend(Duration.ofMinutes(1)).cancelReason()).isEqualTo("wrong address");
            assertThat(queue.claimed(task.id(), task.token()).extend(Duration.ofMinutes(1)).cancelReason())
                    .isEqualTo("wrong address");
            assertThat(task.fail(NO, false).status()).isEqualTo(TaskStatus.CANCELLED);
            assertThat(queue.claimed(task.id(), task.token()).fail(NO, false).status())
                    .isEqualTo(TaskStatus.CANCELLED);
        });
    }

    @Test
    void claim_type_passesOthersOver_andLeavesThemToOthers() {
        playWatched((sim, site, queue) -> {
            TaskType<String, String> rare = TaskType.of("rare", String.class, String.class);
            for (int i = 0; i < 50; i++) {
                site.submit("task " + i);
            }
            String wanted = queue.submit(rare, "x").id();

            assertThat(claimOne(queue, MINUTE.withType("rare")).id()).isEqualTo(wanted);
            assertThat(queue.claim(MINUTE.withType("rare"))).isEmpty();
            for (int i = 0; i < 3; i++) {
                queue.submit(rare, "more " + i);
            }
            for (int i = 0; i < 3; i++) { // what was read and not wanted yet is there for the next call
                claimOne(queue, MINUTE.withType("rare"));
            }
            assertThat(queue.claim(MINUTE.withCount(100))).hasSize(50);
        });
    }

    @Test
    void token_ofAnotherTask_ofAWorker_orOfNone_isRefused_andNothingIsWritten() {
        playWatched((sim, site, queue) -> {
            site.submit("a");
            site.submit("b");
            List<ClaimedTask> both = queue.claim(MINUTE.withCount(2));
            ClaimedTask crossed = queue.claimed(both.getFirst().id(), both.getLast().token());
            RequestCounts before = sim.store().counts();
            assertThatThrownBy(() -> crossed.complete("x")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("is none of task " + both.getFirst().id());
            assertThatThrownBy(() -> crossed.complete("x".repeat(300_000))).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> crossed.extend(Duration.ofMinutes(1))).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> crossed.requeue(Duration.ZERO)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> queue.claimed("no-task", both.getLast().token()).complete(null))
                    .isInstanceOf(TaskNotFoundException.class);
            assertThatThrownBy(() -> queue.claimed("a", "UPPER")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("\"UPPER\" is no token");
            assertThat(sim.store().counts().minus(before).put()).isZero();

            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofHours(1)));
            String id = site.submit("c").id();
            sim.runUntil(() -> Site.status(sim, id).equals("RUNNING"), Duration.ofMinutes(1));
            String claim = Site.task(sim, id).path("claimWriteId").asString();
            assertThatThrownBy(() -> queue.claimed(id, claim).complete("stolen"))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("that of worker w");
        });
    }

    @Test
    void isDrained_onlyWhenNothingWaitsOrRunsAnywhere() {
        playWatched((sim, site, queue) -> {
            assertThat(queue.isDrained()).isTrue();
            site.submit("later", SubmitOptions.ofDefaults().withDelay(Duration.ofHours(1))).cancel("");
            sim.sleep(Duration.ofSeconds(1));
            assertThat(queue.isDrained()).isTrue();
            site.submit("task");
            assertThat(queue.isDrained()).isFalse();
            ClaimedTask task = claimOne(queue, MINUTE);
            sim.sleep(Duration.ofSeconds(1));
            assertThat(queue.isDrained()).as("a manual claim may come back").isFalse();
            assertThat(site.windlass.queue("other").isDrained()).isTrue();
            task.complete(null);
            assertThat(queue.isDrained()).isTrue();

            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofSeconds(30)));
            String id = site.submit("running").id();
            sim.runUntil(() -> Site.status(sim, id).equals("RUNNING"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(1));
            assertThat(queue.isDrained()).as("a worker's attempt may come back").isFalse();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(queue.isDrained()).isTrue();
        });
    }

    @Test
    void peek_dueFirstByLevel_thenLater_claimsNothing() {
        playWatched((sim, site, queue) -> {
            SubmitOptions options = SubmitOptions.ofDefaults();
            String later = site.submit("later", options.withPriority(0).withDelay(Duration.ofHours(1))).id();
            String usual = site.submit("usual").id();
            String urgent = site.submit("urgent", options.withPriority(1)).id();
            RequestCounts before = sim.store().counts();

            assertThat(queue.peek(10).stream().map(task -> task.id())).containsExactly(urgent, usual, later);
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(0, 3, 4, 0, 0, 0));
            assertThat(queue.peek(1)).hasSize(1);
            assertThatThrownBy(() -> queue.peek(0)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> queue.peek(1_001)).isInstanceOf(InvalidInputException.class);

            // Keys whose deletes are late: of a task that has ended, and of one that waits by another key now.
            List<String> keys = sim.store().keys("ready/");
            site.handle(urgent).cancel("");
            ClaimedTask back = claimOne(queue, MINUTE);
            back.requeue(Duration.ofMinutes(5));
            sim.sleep(Duration.ofSeconds(1));
            keys.forEach(key -> sim.store().plant(key, new byte[0]));
            assertThat(back.id()).isEqualTo(usual);
            assertThat(queue.peek(10).stream().map(task -> task.id())).containsExactly(usual, later);
        });
    }

    @Test
    void claim_manyProgramsAtOnce_eachTaskOnce() {
        Simulation.run(7, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            for (int i = 0; i < 40; i++) {
                site.submit("task " + i);
            }
            var ids = new ArrayList<String>();
            int[] ended = {0};
            for (int i = 0; i < 8; i++) {
                Site at = Site.of(sim, "c" + i);
                at.actor.start("claimer", () -> {
                    while (true) {
                        List<ClaimedTask> claimed = at.windlass.queue(Site.QUEUE).claim(MINUTE.withCount(2));
                        if (claimed.isEmpty() && at.windlass.queue(Site.QUEUE).isDrained()) {
                            ended[0]++;
                            return;
                        }
                        claimed.forEach(task -> {
                            ids.add(task.id());
                            task.complete("x");
                        });
                        at.actor.environment().sleep(Duration.ofMillis(100));
                    }
                });
            }
            sim.runUntil(() -> ended[0] == 8, Duration.ofMinutes(10));
            assertThat(ids).hasSize(40).doesNotHaveDuplicates();
        });
    }

    @Test
    void claim_leaseTooShortForTheStoresTime_isRefused() {
        Simulation.run(1, SimulationOptions.defaults(), sim -> {
            Site site = Site.of(sim, "p");
            site.submit("task");
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE)
                    .claim(ClaimOptions.ofDefaults().withLease(Duration.ofSeconds(1))))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("known only to within");
        });
    }
}
