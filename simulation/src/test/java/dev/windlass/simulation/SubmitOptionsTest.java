package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.STEADY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.InvalidInputException;
import dev.windlass.TaskCancelledException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.IdempotencyScope;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

/** What a task may be given when it is submitted, beside its input. */
class SubmitOptionsTest {
    private static final SubmitOptions PLAIN = SubmitOptions.ofDefaults();

    private interface Body {
        void run(Simulation sim, Site site) throws InterruptedException;
    }

    private static void play(Body body) {
        Simulation.run(1, STEADY, sim -> body.run(sim, Site.of(sim, "p")));
    }

    @Test
    void ttl_nobodyTakesItInTime_expires_andNeverRuns() {
        play((sim, site) -> {
            TaskHandle<String> late = site.submit("late", PLAIN.withTtl(Duration.ofSeconds(30)));
            TaskHandle<String> inTime = site.submit("in time", PLAIN.withTtl(Duration.ofMinutes(5)));
            sim.sleep(Duration.ofMinutes(1));
            Site.of(sim, "w").work((task, input) -> {
                assertThat(input).isEqualTo("in time");
                return input;
            });

            assertThat(inTime.await(Site.LONG)).isEqualTo("in time");
            sim.runUntil(() -> Site.status(sim, late.id()).equals("EXPIRED"), Duration.ofMinutes(1));
            assertThat(Site.events(sim, late.id())).containsExactly("submitted", "expired");
            assertThatThrownBy(() -> late.await(Site.LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("has expired");
            assertThat(late.cancel("too late")).isFalse();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(sim.store().keys("ready/")).isEmpty();
        });
    }

    @Test
    void ttl_submit_costsNoMore_expiryOneGetAndOnePut() {
        play((sim, site) -> {
            site.submit("first");
            RequestCounts before = sim.store().counts();
            TaskHandle<String> task = site.submit("task", PLAIN.withTtl(Duration.ofSeconds(1)).withTag("a", "b"));
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(2, 0, 0, 0, 0, 0));
            assertThat(site.windlass.queue("any").expire(task.id())).isFalse();
            sim.sleep(Duration.ofSeconds(2));

            before = sim.store().counts();
            assertThat(site.windlass.queue("any").expire(task.id())).isTrue();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(sim.store().counts().minus(before)).isEqualTo(new RequestCounts(1, 1, 0, 1, 0, 0));
            assertThat(site.windlass.queue("any").expire(task.id())).isTrue();
            assertThat(site.windlass.queue("any").expire("nobody")).isFalse();
        });
    }

    @Test
    void ttl_noHandler_noWorker_byHand_expiresAllTheSame() {
        play((sim, site) -> {
            TaskType<String, String> strange = TaskType.of("strange", String.class, String.class);
            SubmitOptions brief = PLAIN.withTtl(Duration.ofSeconds(5));
            TaskHandle<String> unhandled = site.windlass.queue(Site.QUEUE).submit(strange, "x", brief);
            TaskHandle<String> byHand = site.windlass.queue("hand").submit(strange, "x", brief);
            TaskHandle<String> awaited = site.windlass.queue("nobody").submit(strange, "x", brief);
            sim.sleep(Duration.ofSeconds(6));
            assertThatThrownBy(() -> awaited.await(Duration.ofSeconds(1))).isInstanceOf(TaskCancelledException.class);
            assertThat(site.windlass.queue("hand").claim(ClaimOptions.ofDefaults())).isEmpty();
            assertThat(byHand.get().status()).isEqualTo(TaskStatus.EXPIRED);
            Site.of(sim, "w").work(Site.ECHOES);
            sim.runUntil(() -> Site.status(sim, unhandled.id()).equals("EXPIRED"), Duration.ofMinutes(1));
        });
    }

    @Test
    void ttl_overWhileItRuns_mayComplete_butIsNotTriedAgain() {
        play((sim, site) -> {
            SubmitOptions brief = PLAIN.withTtl(Duration.ofSeconds(5)).withRetry(RetryPolicy.fixed(3, Duration.ZERO));
            TaskHandle<String> completes = site.submit("completes", brief);
            TaskHandle<String> fails = site.submit("fails", brief);
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                at.actor.environment().sleep(Duration.ofSeconds(10));
                if (input.equals("fails")) {
                    throw new IllegalStateException("no");
                }
                return input;
            });
            assertThat(completes.await(Site.LONG)).isEqualTo("completes");
            sim.runUntil(() -> Site.status(sim, fails.id()).equals("EXPIRED"), Duration.ofMinutes(1));
            assertThat(Site.events(sim, fails.id())).containsExactly("submitted", "claimed", "failed", "expired");
        });
    }

    @Test
    void options_thatContradictEachOther_areRefused_andNothingIsWritten() {
        play((sim, site) -> {
            RequestCounts before = sim.store().counts();
            assertThatThrownBy(() -> site.submit("x", PLAIN.withDelay(Duration.ofHours(2)).withTtl(
                    Duration.ofHours(1)))).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("before it is due");
            assertThatThrownBy(() -> site.submit("x".repeat(300_000), PLAIN.withExpiresAt(sim.now().minusSeconds(60))))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("Give it a later one");
            assertThatThrownBy(() -> site.submit("x", PLAIN.withId("a").withIdempotencyKey("b")))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("both an id and");
            assertThatThrownBy(() -> site.submit("x", PLAIN.withIdempotencyTtl(Duration.ofDays(1))))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("no key");
            assertThatThrownBy(() -> site.submit("x", PLAIN.withIdempotencyScope(IdempotencyScope.queue())))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("no key");
            assertThatThrownBy(() -> site.windlass.queue("q").submitAll(Site.ECHO, List.of("a", "b"),
                    PLAIN.withId("one"))).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("One id for 2");
            assertThatThrownBy(() -> site.windlass.queue("q").submitAll(Site.ECHO, List.of("a", "b"),
                    PLAIN.withIdempotencyKey("one"))).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("One idempotency key for 2");
            assertThat(sim.store().counts().minus(before).put()).isZero();
        });
    }

    @Test
    void options_absurd_areRefusedAtOnce() {
        assertThatThrownBy(() -> PLAIN.withTtl(Duration.ZERO)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withTtl(Duration.ofDays(4000))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withMaxReschedules(-1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withId("a/b")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withId("")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withId("x".repeat(101))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withTag("no spaces", "x")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withTag("a", "x".repeat(201))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withParent("no id!")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withIdempotencyTtl(Duration.ZERO)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> IdempotencyScope.custom("")).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withIdempotencyTtl(Duration.ofDays(4000)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> IdempotencyScope.custom("x".repeat(201))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PLAIN.withTag("x".repeat(65), "")).isInstanceOf(InvalidInputException.class);
        for (Instant odd : List.of(Instant.EPOCH.minusMillis(1), Instant.parse("2200-01-01T00:00:01Z"), Instant.MIN)) {
            assertThatThrownBy(() -> PLAIN.withExpiresAt(odd)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> PLAIN.withDueAt(odd)).isInstanceOf(InvalidInputException.class);
        }
        SubmitOptions many = PLAIN;
        for (int i = 0; i < SubmitOptions.MOST_TAGS; i++) {
            many = many.withTag("tag" + i, "");
        }
        SubmitOptions full = many;
        assertThatThrownBy(() -> full.withTag("more", "")).isInstanceOf(InvalidInputException.class);
        assertThat(full.withTag("tag0", "other").tags()).hasSize(SubmitOptions.MOST_TAGS);
        assertThatThrownBy(() -> Site.ECHO.withDefaults(PLAIN.withId("a"))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Site.ECHO.withDefaults(PLAIN.withIdempotencyKey("a")))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void options_twoWaysToSayATime_theLaterCallCounts() {
        Instant time = Instant.parse("2100-01-01T00:00:00Z");
        Duration hour = Duration.ofHours(1);
        assertThat(PLAIN.withTtl(hour).withExpiresAt(time).ttl()).isNull();
        assertThat(PLAIN.withExpiresAt(time).withTtl(hour).expiresAt()).isNull();
        assertThat(PLAIN.withDelay(hour).withDueAt(time).delay()).isNull();
        assertThat(PLAIN.withDueAt(time).withDelay(hour).dueAt()).isNull();
    }

    @Test
    void id_ofTheUsersOwn_twice_isOneTask_otherInput_isRefused() {
        play((sim, site) -> {
            TaskHandle<String> task = site.submit("a", PLAIN.withId("order-17"));
            assertThat(task.id()).isEqualTo("order-17");
            assertThat(site.submit("a", PLAIN.withId("order-17")).id()).isEqualTo("order-17");
            assertThatThrownBy(() -> site.submit("b", PLAIN.withId("order-17")))
                    .isInstanceOf(IdempotencyConflictException.class).hasMessageContaining("order-17");
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(task.await(Site.LONG)).isEqualTo("echo a");
        });
    }

    @Test
    void idempotencyScope_separatesKeys() {
        play((sim, site) -> {
            TaskType<String, String> other = TaskType.of("other", String.class, String.class);
            SubmitOptions byType = PLAIN.withIdempotencyKey("k");
            SubmitOptions byQueue = byType.withIdempotencyScope(IdempotencyScope.queue());
            SubmitOptions custom = byType.withIdempotencyScope(IdempotencyScope.custom("mine"));
            String id = site.submit("a", byType).id();
            assertThat(List.of(site.submit("a", byQueue).id(), site.submit("a", custom).id(),
                    site.windlass.queue("r").submit(other, "a", byType).id(),
                    site.windlass.queue("r").submit(other, "a", byQueue).id())).doesNotHaveDuplicates()
                    .doesNotContain(id);
            SubmitOptions yours = byType.withIdempotencyScope(IdempotencyScope.custom("yours"));
            assertThat(site.submit("a", yours).id()).isNotEqualTo(site.submit("a", custom).id());
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE).submit(other, "a", byQueue))
                    .isInstanceOf(IdempotencyConflictException.class);
            assertThatThrownBy(() -> site.windlass.queue("r").submit(other, "a", custom))
                    .isInstanceOf(IdempotencyConflictException.class);
        });
    }

    @Test
    void idempotencyTtl_over_andEnded_isATaskOfItsOwn_notEnded_isTheSame() {
        play((sim, site) -> {
            SubmitOptions keyed = PLAIN.withIdempotencyKey("k").withIdempotencyTtl(Duration.ofHours(1));
            String id = site.submit("a", keyed).id();
            sim.sleep(Duration.ofHours(2));
            assertThat(site.submit("a", keyed).get().attempt()).isZero();
            assertThatThrownBy(() -> site.submit("b", keyed)).isInstanceOf(IdempotencyConflictException.class);
            Site.of(sim, "w").work(Site.ECHOES);
            sim.runUntil(() -> Site.status(sim, id).equals("COMPLETED"), Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(10));

            RequestCounts before = sim.store().counts("tasks/");
            TaskHandle<String> next = site.submit("b", keyed);
            assertThat(next.id()).isEqualTo(id);
            assertThat(sim.store().counts("tasks/").minus(before).put()).isEqualTo(2);
            assertThat(next.await(Site.LONG)).isEqualTo("echo b");
            assertThat(Site.task(sim, id).path("attempt").asInt()).as("tokens stay fresh").isEqualTo(2);
            assertThat(site.submit("b", keyed).await(Site.LONG)).isEqualTo("echo b");
            assertThatThrownBy(() -> site.submit("a", keyed)).isInstanceOf(IdempotencyConflictException.class);
        });
    }

    /** A key whose ttl is over: nothing of the lives before counts, but the number of attempts. */
    @Test
    void idempotencyTtl_nextLife_beginsAnew() {
        play((sim, site) -> {
            SubmitOptions keyed = PLAIN.withIdempotencyKey("k").withIdempotencyTtl(Duration.ofHours(1))
                    .withMaxReschedules(1);
            Site at = Site.of(sim, "w");
            Worker worker = at.work((task, input) -> {
                if (task.attempt() % 2 == 0) {
                    throw task.reschedule(Duration.ofSeconds(1));
                }
                if (input.equals("unwanted")) {
                    at.windlass.queue(Site.QUEUE).cancel(task.id(), "not needed", "ada");
                    throw new IllegalStateException("interrupted");
                }
                return input;
            });
            assertThat(site.submit("first", keyed).await(Site.LONG)).isEqualTo("first");
            sim.sleep(Duration.ofHours(2));
            SubmitOptions later = keyed.withDelay(Duration.ofMinutes(1));
            TaskHandle<String> second = site.submit("unwanted", later);
            TaskInfo fresh = second.get();
            assertThat(fresh.output()).isNull();
            assertThat(fresh.finishedAt()).isNull();
            assertThatThrownBy(() -> second.await(Site.LONG)).isInstanceOf(TaskCancelledException.class);
            TaskInfo ended = second.get();
            assertThat(List.of(ended.reschedules(), ended.failures(), ended.attempt())).containsExactly(1, 1, 3);

            sim.sleep(Duration.ofHours(2));
            TaskHandle<String> third = site.submit("third", later);
            fresh = third.get();
            assertThat(fresh.status()).isEqualTo(TaskStatus.PENDING);
            assertThat(List.of(fresh.reschedules(), fresh.failures(), fresh.attempt())).containsExactly(0, 0, 3);
            assertThat(fresh.error()).isNull();
            assertThat(fresh.cancelRequested()).isFalse();
            assertThat(fresh.cancelledBy()).isNull();
            assertThat(third.id()).isEqualTo(second.id());
            sim.sleep(Duration.ofMinutes(2));
            assertThat(Site.status(sim, third.id())).isEqualTo("COMPLETED");
            worker.close();
        });
    }

    @Test
    void maxReschedules_oneMore_fails() {
        play((sim, site) -> {
            TaskHandle<String> twice = site.submit("task", PLAIN.withMaxReschedules(2));
            TaskHandle<String> always = site.submit("other");
            Worker worker = Site.of(sim, "w").work((task, input) -> {
                if (input.equals("task") || task.attempt() < 6) {
                    throw task.reschedule(Duration.ofSeconds(1));
                }
                return input;
            });
            sim.runUntil(() -> Site.status(sim, twice.id()).equals("FAILED"), Duration.ofMinutes(1));
            assertThat(twice.get().error()).isNotNull();
            assertThat(twice.get().attempt()).isEqualTo(3);
            assertThat(twice.get().reschedules()).isEqualTo(2);
            assertThat(sim.store().keys("dead/")).hasSize(1);
            assertThat(always.await(Site.LONG)).isEqualTo("other");
            assertThat(always.get().reschedules()).isEqualTo(5);
            worker.close();
        });
    }

    @Test
    void tagsAndParent_areSeen_byWhoClaims_andByFind() {
        play((sim, site) -> {
            TaskHandle<String> parent = site.submit("parent");
            site.submit("child", PLAIN.withParent(parent.id()).withTag("customer", "17").withTag("customer", "18"));
            List<TaskInfo> found = site.windlass.find(task -> "18".equals(task.tags().get("customer")), 10);
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().parent()).isEqualTo(parent.id());
            List<ClaimedTask> claimed = site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults().withCount(2));
            assertThat(claimed.getLast().info().tags()).containsEntry("customer", "18");
            assertThat(claimed.getLast().complete(null).tags()).hasSize(1);
        });
    }

    @Test
    void defaults_ofTheType_countWhereNoneAreGiven() {
        play((sim, site) -> {
            TaskType<String, String> urgent = Site.ECHO.withDefaults(PLAIN.withPriority(1).withTag("kind", "urgent"));
            assertThat(site.windlass.queue("q").submit(urgent, "a").get().priority()).isEqualTo(1);
            TaskInfo delayed = site.windlass.queue("q")
                    .submit(urgent, "b", urgent.defaults().withDelay(Duration.ofHours(1))).get();
            assertThat(delayed.priority()).isEqualTo(1);
            assertThat(delayed.tags()).containsEntry("kind", "urgent");
            assertThat(site.windlass.queue("q").submit(urgent, "c", PLAIN).get().priority()).isEqualTo(5);
        });
    }
}
