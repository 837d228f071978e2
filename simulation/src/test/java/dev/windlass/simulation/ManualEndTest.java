package dev.windlass.simulation;

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
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** Claims by hand that are not made, and how those end that are: too large, too late, too often, or cancelled meanwhile. */
class ManualEndTest {
    private static final ClaimOptions MINUTE = ClaimOptions.ofDefaults().withLease(Duration.ofMinutes(1));
    private static final TaskError NO = new TaskError("failure", "no", null);

    @Test
    void complete_resultOverTheInlineLimit_standsBesideTheTask_andARepeatIsSafe() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            String large = "x".repeat(300_000);
            task.complete(large);
            assertThat(sim.store().keys("payloads/")).hasSize(1);
            assertThat(Site.task(sim, task.id()).toString()).hasSizeLessThan(10_000);
            assertThat(site.handle(task.id()).await(Site.LONG)).isEqualTo(large);
            ClaimedTask again = queue.claimed(task.id(), task.token());
            assertThat(again.complete(large).status()).isEqualTo(TaskStatus.COMPLETED);
            assertThatThrownBy(() -> again.complete(large + "!")).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> again.complete(null)).isInstanceOf(LeaseLostException.class);
        });
    }

    @Test
    void requeue_withDelay_isAReschedule_oneTooManyFails_andBothAreSafeToRepeat() {
        playWatched((sim, site, queue) -> {
            site.submit("task", SubmitOptions.ofDefaults().withMaxReschedules(1));
            claimOne(queue, MINUTE).requeue(Duration.ZERO);
            ClaimedTask first = claimOne(queue, MINUTE);
            for (Duration odd : List.of(Duration.ofMillis(-1), Duration.ofDays(3_661))) {
                assertThatThrownBy(() -> first.requeue(odd)).isInstanceOf(InvalidInputException.class);
            }
            assertThat(first.requeue(Duration.ofSeconds(1)).reschedules()).isOne();
            assertThat(queue.claimed(first.id(), first.token()).requeue(Duration.ofSeconds(1)).reschedules()).isOne();
            sim.sleep(Duration.ofSeconds(2));
            ClaimedTask second = claimOne(queue, MINUTE);
            for (int i = 0; i < 2; i++) {
                TaskInfo failed = queue.claimed(second.id(), second.token()).requeue(Duration.ofSeconds(1));
                assertThat(failed.status()).isEqualTo(TaskStatus.FAILED);
                assertThat(Objects.requireNonNull(failed.error()).type()).isEqualTo("reschedules");
            }
            assertThatThrownBy(() -> queue.claimed(second.id(), second.token()).complete(null))
                    .isInstanceOf(LeaseLostException.class);
        });
    }

    @Test
    void requeue_afterACompletionOrAnotherFailure_isRefused() {
        playWatched((sim, site, queue) -> {
            site.submit("a");
            site.submit("b");
            List<ClaimedTask> both = queue.claim(MINUTE.withCount(2));
            both.getFirst().complete("done");
            both.getLast().fail(NO, true);
            for (ClaimedTask task : both) {
                assertThatThrownBy(() -> queue.claimed(task.id(), task.token()).requeue(Duration.ofSeconds(1)))
                        .isInstanceOf(LeaseLostException.class);
            }
        });
    }

    @Test
    void requeue_ofACancelledTask_isSafeToRepeat() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            site.handle(task.id()).cancel("not needed");
            for (int i = 0; i < 2; i++) {
                assertThat(queue.claimed(task.id(), task.token()).requeue(Duration.ZERO).status())
                        .isEqualTo(TaskStatus.CANCELLED);
            }
        });
    }

    /** The lease takes its time: what expires meanwhile is not begun. */
    @Test
    void claim_ofATaskThatExpiresMeanwhile_isNotMade() {
        playWatched((sim, site, queue) -> {
            site.submit("first").cancel("");
            queue.claim(MINUTE);
            String id = site.submit("task", SubmitOptions.ofDefaults().withTtl(Duration.ofSeconds(5))).id();
            sim.sleep(Duration.ofSeconds(3));
            sim.store().inject(Fault.slow(Duration.ofSeconds(4)), request -> request.is(RequestKind.PUT, "leases/"));
            assertThat(queue.claim(MINUTE)).isEmpty();
            assertThat(queue.expire(id)).isTrue();
            assertThat(Site.events(sim, id)).containsExactly("submitted", "expired");
            assertThat(sim.store().keys("leases/")).isEmpty();
        });
    }

    /** Who has declared it dead is about to give the task to others. */
    @Test
    void extend_ofALeaseDeclaredDead_isRefused() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            sim.sleep(Duration.ofSeconds(70));
            sim.store().inject(Fault.of(Fault.Kind.CRASH_AFTER),
                    request -> request.actor().equals("sweeper") && request.is(RequestKind.PUT, "leases/"));
            Actor sweeper = sim.actor("sweeper");
            sweeper.start("sweep", () -> Site.of(sim, sweeper).windlass.sweep(false));
            sim.runUntil(sweeper::isCrashed, Duration.ofMinutes(1));
            assertThatThrownBy(() -> queue.claimed(task.id(), task.token()).extend(Duration.ofMinutes(1)))
                    .isInstanceOf(LeaseLostException.class);
            assertThat(Site.status(sim, task.id())).isEqualTo("RUNNING");
            sim.sleep(Duration.ofMinutes(2));
            assertThat(claimOne(queue, MINUTE).info().attempt()).isEqualTo(2);
        });
    }

    /** Its time runs from when it was sent: one that was answered late covers nothing that is begun now. */
    @Test
    void claim_whoseLeaseIsAnsweredLate_isNotMade() {
        playWatched((sim, site, queue) -> {
            site.submit("first").cancel("");
            queue.claim(MINUTE);
            String id = site.submit("task").id();
            sim.store().inject(Fault.slow(Duration.ofSeconds(9)), request -> request.is(RequestKind.PUT, "leases/"));
            assertThat(queue.claim(MINUTE.withLease(Duration.ofSeconds(10)))).isEmpty();
            assertThat(Site.events(sim, id)).containsExactly("submitted");
            sim.sleep(Duration.ofSeconds(1));
            assertThat(sim.store().keys("leases/")).isEmpty();
            assertThat(claimOne(queue, MINUTE).id()).isEqualTo(id);
        });
    }

    /** The message could not be left in the lease; the request stands in the task. */
    @Test
    void cancel_unheardOfByMessage_isToldByExtend_toWhoKnowsIdAndTokenAlone() {
        playWatched((sim, site, queue) -> {
            site.submit("task");
            ClaimedTask task = claimOne(queue, MINUTE);
            sim.store().inject(100, Fault.of(Fault.Kind.REFUSED_403),
                    request -> request.actor().equals("c") && request.is(RequestKind.PUT, "leases/"));
            assertThat(Site.of(sim, "c").windlass.queue(Site.QUEUE).cancel(task.id(), "wrong address")).isTrue();
            assertThat(queue.claimed(task.id(), task.token()).extend(Duration.ofMinutes(1)).cancelReason())
                    .isEqualTo("wrong address");
        });
    }

    /** What was claimed is not thrown away because the store refuses the next. */
    @Test
    void claim_many_storeRefusesOne_othersAreGivenAllTheSame() {
        playWatched((sim, site, queue) -> {
            site.submit("a");
            site.submit("b");
            sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.PUT, "tasks/"));
            List<ClaimedTask> claimed = queue.claim(MINUTE.withCount(2));
            assertThat(claimed).hasSize(1);
            assertThat(claimed.getFirst().complete("done").status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(queue.claim(MINUTE.withCount(2))).hasSize(1);
        });
    }

    /** A task that goes from one hand to another while somebody looks is never overlooked, at whatever moment it does. */
    @Test
    void isDrained_whileATaskGoesBackAndIsClaimedAgain_isNeverTrue() {
        for (boolean slow : new boolean[]{false, true}) {
            for (int offset = 0; offset < 600; offset += 10) {
                Duration wait = Duration.ofMillis(offset);
                playWatched((sim, site, queue) -> {
                    site.submit("task");
                    ClaimedTask task = claimOne(queue, MINUTE);
                    sim.sleep(Duration.ofSeconds(1));
                    if (slow) {
                        sim.store().inject(Fault.slow(Duration.ofMillis(300)),
                                request -> request.actor().equals("looks") && request.is(RequestKind.GET, "leases/"));
                    }
                    Site looks = Site.of(sim, "looks");
                    var answers = new ArrayList<Boolean>();
                    looks.actor.start("looks", () -> answers.add(looks.windlass.queue(Site.QUEUE).isDrained()));
                    sim.sleep(wait);
                    task.requeue(Duration.ZERO);
                    claimOne(queue, MINUTE);
                    sim.runUntil(() -> !answers.isEmpty(), Duration.ofMinutes(1));
                    assertThat(answers).as("%s after it began to look", wait).containsExactly(false);
                });
            }
        }
    }
}
