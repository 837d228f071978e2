package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Many submissions that come to one task while it waits. */
class DebounceTest {
    private static final Duration RTT = Duration.ofMillis(20);
    private static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(RTT, RTT).withTime(Duration.ofMillis(1), Duration.ZERO));
    private static final SubmitOptions UNLESS = SubmitOptions.ofDefaults().withDebounce(Debounce.unlessWaiting("k"));
    private static final SubmitOptions MOVING = SubmitOptions.ofDefaults().withDebounce(Debounce.moveDueTime("k"));

    @Test
    void unlessWaiting_whileOneWaits_isThatOne_andANewOneOnceItRuns() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            SubmitOptions later = UNLESS.withDelay(Duration.ofMinutes(1));
            String first = site.submit("a", later).id();
            assertThat(site.submit("b", UNLESS).id()).isEqualTo(first);
            assertThat(site.submit("c", later).id()).isEqualTo(first);
            assertThat(site.submit("d", UNLESS.withDebounce(Debounce.unlessWaiting("other"))).id())
                    .isNotEqualTo(first);
            assertThat(site.windlass.queue("q2").submit(Site.ECHO, "e", UNLESS).id()).isNotEqualTo(first);

            var ran = new ArrayList<String>();
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                ran.add(input);
                at.actor.environment().sleep(Duration.ofMinutes(1));
                return input;
            });
            sim.runUntil(() -> Site.status(sim, first).equals("RUNNING"), Duration.ofMinutes(2));
            assertThat(Site.task(sim, first).path("dueAt").asLong())
                    .isEqualTo(Site.task(sim, first).path("createdAt").asLong() + 60_000);
            String second = site.submit("f", UNLESS).id();
            assertThat(second).isNotEqualTo(first);
            assertThat(site.handle(second).await(Site.LONG)).isEqualTo("f");
            assertThat(ran).containsExactly("d", "a", "f");
            assertThat(site.submit("g", UNLESS).id()).isNotIn(first, second);
        });
    }

    @Test
    void moveDueTime_eachSubmissionMovesIt_backAndForth() {
        Simulation.run(1, STEADY, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            var started = new ArrayList<Duration>();
            Site.of(sim, "w").work((task, input) -> {
                started.add(sim.elapsed());
                return input;
            });
            TaskHandle<String> task = site.submit("a", MOVING.withDelay(Duration.ofMinutes(1)));
            for (int i = 0; i < 30; i++) {
                sim.sleep(Duration.ofSeconds(20));
                assertThat(site.submit("b", MOVING.withDelay(Duration.ofMinutes(1))).id()).isEqualTo(task.id());
            }
            assertThat(started).isEmpty();
            Duration last = sim.elapsed();
            assertThat(task.await(Site.LONG)).isEqualTo("a");
            assertThat(started.getFirst().minus(last)).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(62));

            TaskHandle<String> next = site.submit("c", MOVING.withDelay(Duration.ofHours(1)));
            site.submit("d", MOVING);
            assertThat(next.await(Duration.ofMinutes(1))).isEqualTo("c");
            sim.sleep(Duration.ofSeconds(5));
            assertThat(sim.store().keys("ready/")).isEmpty();
        });
    }

    @Test
    void debounce_costs() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("first");
            SubmitOptions later = MOVING.withDelay(Duration.ofHours(1));
            assertThat(spent(sim, site, later)).as("a new key: the pointer, task and ready key, the pointer")
                    .isEqualTo(new RequestCounts(3, 1, 0, 0, 0, 0));
            assertThat(spent(sim, site, later)).as("moved: the pointer and the task; a ready key and the task")
                    .isEqualTo(new RequestCounts(2, 2, 0, 1, 0, 0));
            assertThat(spent(sim, site, UNLESS)).as("kept: its ready key once more")
                    .isEqualTo(new RequestCounts(1, 2, 0, 0, 0, 0));
            for (int i = 0; i < 5; i++) {
                site.handle(site.submit("x", UNLESS.withDelay(Duration.ofHours(1))).id()).cancel("");
                site.submit("x", UNLESS.withDelay(Duration.ofHours(1)));
            }
            assertThat(spent(sim, site, UNLESS)).as("those that have ended are not looked at again")
                    .isEqualTo(new RequestCounts(1, 2, 0, 0, 0, 0));
        });
    }

    private static RequestCounts spent(Simulation sim, Site site, SubmitOptions options) throws InterruptedException {
        RequestCounts before = sim.store().counts();
        site.submit("x", options);
        sim.sleep(Duration.ofSeconds(1));
        return sim.store().counts().minus(before);
    }

    /** At no time two of them wait, whoever submits and whenever; with faults, and a worker that takes them away. */
    @Test
    void unlessWaiting_manyAtOnceWithFaults_neverTwoWait_andSomeAttemptBeginsAfterEachSubmission() {
        for (long seed = 0; seed < 60; seed++) {
            Simulation.run(seed, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false);
                var starts = new ArrayList<Duration>();
                var begun = new ArrayList<Duration>();
                Site at = Site.of(sim, "w");
                at.work((task, input) -> {
                    starts.add(sim.elapsed());
                    at.actor.environment().sleep(Duration.ofMillis(sim.random().nextInt(500)));
                    return input;
                });
                sim.store().inject(3, Fault.of(Fault.Kind.LOST_AFTER),
                        request -> request.kind() == RequestKind.PUT && sim.random().nextInt(10) == 0);
                sim.store().inject(3, Fault.of(Fault.Kind.LOST_BEFORE),
                        request -> request.kind() == RequestKind.PUT && sim.random().nextInt(10) == 0);
                watchThatOneWaits(sim);
                var open = new ArrayList<CompletableFuture<String>>();
                for (int i = 0; i < 4; i++) {
                    Site site = Site.of(sim, "p" + i);
                    var done = new CompletableFuture<String>();
                    open.add(done);
                    site.actor.start("submitter", () -> {
                        SubmitOptions options = sim.random().nextBoolean() ? UNLESS : MOVING;
                        for (int n = 0; n < 5; n++) {
                            site.actor.environment().sleep(Duration.ofMillis(sim.random().nextInt(400)));
                            begun.add(sim.elapsed());
                            site.submit("x", options);
                        }
                        done.complete("");
                    });
                }
                sim.runUntil(() -> open.stream().allMatch(CompletableFuture::isDone), Duration.ofMinutes(5));
                Duration last = begun.stream().max(Duration::compareTo).orElseThrow();
                sim.runUntil(() -> starts.stream().anyMatch(start -> start.compareTo(last) > 0),
                        Duration.ofMinutes(5));
                assertThat(starts.size()).isLessThanOrEqualTo(20);
            });
        }
    }

    private static void watchThatOneWaits(Simulation sim) {
        sim.store().onChange(key -> {
            if (key.startsWith("tasks/")) {
                var waiting = new HashSet<String>();
                sim.store().keys("tasks/").forEach(each -> {
                    JsonNode task = Site.json(sim.store().peek(each));
                    if (task.path("status").asString("").equals("PENDING") && task.path("attempt").asInt(0) == 0) {
                        waiting.add(each);
                    }
                });
                if (waiting.size() > 1) {
                    sim.fail("two wait: " + waiting);
                }
            }
        });
    }

    /** A new key, one that is kept, one that is moved, and the next number: whoever comes after the crash carries on. */
    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void debounce_submitterCrashesAtEachRequest_theNextOneIsServed_andNothingIsLeftAmiss(Fault.Kind kind) {
        int crashed = 0;
        for (int n = 1; crashed == n - 1; n++) {
            crashed += crashAt(n, kind) ? 1 : 0;
        }
        assertThat(crashed).isGreaterThan(15);
    }

    /** Whether there were that many requests. */
    private static boolean crashAt(int number, Fault.Kind kind) {
        boolean[] met = new boolean[1];
        try {
            Simulation.run(number, STEADY, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false);
                watchThatOneWaits(sim);
                int[] requests = new int[1];
                sim.store().inject(Fault.of(kind),
                        request -> request.actor().equals("p") && ++requests[0] == number);
                Actor submitter = sim.actor("p");
                var done = new CompletableFuture<String>();
                submitter.start("submitter", () -> {
                    Site site = Site.of(sim, submitter);
                    String first = site.submit("a", MOVING.withDelay(Duration.ofHours(1))).id();
                    site.submit("b", UNLESS);
                    site.submit("c", MOVING.withDelay(Duration.ofHours(2)));
                    site.handle(first).cancel("");
                    site.submit("d", UNLESS.withDelay(Duration.ofHours(1)));
                    done.complete("");
                });
                sim.runUntil(() -> submitter.isCrashed() || done.isDone(), Duration.ofMinutes(5));
                met[0] = submitter.isCrashed();

                Site next = Site.of(sim, sim.actor("next"), builder -> builder.grace(Duration.ofSeconds(30)));
                String id = next.submit("after the crash", MOVING).id();
                Site.of(sim, sim.actor("w"), builder -> builder.grace(Duration.ofSeconds(30))).work(Site.ECHOES);
                next.handle(id).await(Site.LONG);
                assertThat(next.submit("later", UNLESS).id()).isNotEqualTo(id);
                sim.sleep(Duration.ofMinutes(2));
                next.windlass.audit(true);
                sim.sleep(Duration.ofMinutes(1));
                assertThat(next.windlass.audit(false).findings()).isEmpty();
            });
        } catch (SimulationFailure failure) {
            throw new AssertionError(kind + " at request " + number + ": " + failure.getMessage(), failure);
        }
        return met[0];
    }

    /** It has seen what there was to be seen when it began, and waits to be tried again. */
    @ParameterizedTest
    @EnumSource
    void debounce_oneThatWasClaimedAndIsBack_doesNotWait(Debounce.Kind kind) {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            SubmitOptions options = kind == Debounce.Kind.KEEP ? UNLESS : MOVING;
            String first = site.submit("a", options).id();
            site.windlass.queue(Site.QUEUE).claim(ClaimOptions.ofDefaults()).getFirst().requeue(Duration.ofMinutes(1));
            String second = site.submit("b", options.withDelay(Duration.ofMinutes(2))).id();
            assertThat(second).isNotEqualTo(first);
            assertThat(site.submit("c", UNLESS).id()).isEqualTo(second);
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(site.handle(first).await(Site.LONG)).isEqualTo("echo a");
            assertThat(site.handle(second).await(Site.LONG)).isEqualTo("echo b");
        });
    }

    /** What will not run, or has begun, is not waited with: the next submission is a task of its own. */
    @Test
    void unlessWaiting_expiredOrToBeCancelled_doNotWait_redriven_does() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            String expired = site.submit("a", UNLESS.withTtl(Duration.ofSeconds(5))).id();
            sim.sleep(Duration.ofSeconds(6));
            String next = site.submit("b", UNLESS.withDelay(Duration.ofSeconds(1))).id();
            assertThat(next).isNotEqualTo(expired);

            boolean[] mended = new boolean[1];
            Site at = Site.of(sim, "w");
            Worker worker = at.work((task, input) -> {
                if (!mended[0]) {
                    throw new PermanentFailure("no");
                }
                return input;
            });
            sim.runUntil(() -> Site.status(sim, next).equals("FAILED"), Duration.ofMinutes(1));
            worker.close();
            assertThat(site.windlass.queue(Site.QUEUE).redrive(next, "mended")).isTrue();
            assertThat(site.submit("c", UNLESS).id()).as("it begins anew").isEqualTo(next);

            // No writer of ours leaves a waiting task with a request to cancel it; whoever claims one ends it.
            String key = Site.taskKey(sim, next);
            String body = new String(Objects.requireNonNull(sim.store().peek(key)).body(), StandardCharsets.UTF_8);
            sim.store().plant(key,
                    Site.bytes("{\"cancelRequested\":{\"reason\":\"no\",\"at\":0}," + body.substring(1)));
            String last = site.submit("d", UNLESS).id();
            assertThat(last).isNotEqualTo(next);
            mended[0] = true;
            at.work((task, input) -> input);
            assertThat(site.handle(last).await(Site.LONG)).isEqualTo("d");
            sim.runUntil(() -> Site.status(sim, next).equals("CANCELLED"), Duration.ofMinutes(1));
        });
    }

    /** The number is only a help: whoever cannot write it has submitted all the same. */
    @Test
    void debounce_pointerThatIsNotWritten_nextFindsTheTaskAllTheSame() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            sim.store().inject(2, Fault.of(Fault.Kind.REFUSED_403),
                    request -> request.is(RequestKind.PUT, "debounce/"));
            SubmitOptions later = UNLESS.withDelay(Duration.ofHours(1));
            String first = site.submit("a", later).id();
            assertThat(sim.store().keys("debounce/")).isEmpty();
            assertThat(site.submit("b", later).id()).isEqualTo(first);
            assertThat(Objects.requireNonNull(site.info(first).input()).asString()).isEqualTo("a");

            site.handle(first).cancel("");
            String second = site.submit("c", later).id();
            assertThat(second).isNotEqualTo(first);
            site.handle(second).cancel("");
            String third = site.submit("d", later).id();
            assertThat(third).isNotIn(first, second);
            assertThat(sim.store().keys("debounce/")).hasSize(1);
            assertThat(site.submit("e", later).id()).isEqualTo(third);
        });
    }

    @Test
    void badInput_isRefused_andNothingIsWritten() {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            assertThatThrownBy(() -> Debounce.unlessWaiting("")).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> Debounce.moveDueTime("x".repeat(201))).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> site.submit("x", UNLESS.withDebounce(Debounce.moveDueTime("ä".repeat(100)))))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("bytes");
            assertThatThrownBy(() -> site.submit("x", UNLESS.withId("a"))).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("debounce key");
            assertThatThrownBy(() -> site.submit("x", UNLESS.withIdempotencyKey("a")))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("debounce key");
            assertThatThrownBy(() -> site.windlass.queue(Site.QUEUE).submitAll(Site.ECHO, List.of("a", "b"), UNLESS))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(sim.store().counts().put()).isZero();
        });
    }
}
