package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Transition;
import dev.windlass.queue.Worker;
import dev.windlass.queue.spi.ReleaseRequest;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.StoreRefusedException;
import org.junit.jupiter.api.Test;

/** What users see of a task: submit, due times, order, retries, time-outs, cancels. */
class TaskLifeTest {
    private static final SubmitOptions KEYED = SubmitOptions.ofDefaults().withIdempotencyKey("order 17");

    @Test
    void submit_workerThatHandlesIt_resultComesBackAndNothingIsLeft() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            Worker worker = site.work(Site.ECHOES);
            TaskHandle<String> handle = site.submit("hello");
            assertThat(handle.await(Site.LONG)).isEqualTo("echo hello");
            worker.close();
            assertThat(sim.store().keys("ready/")).isEmpty();
            assertThat(sim.store().keys("leases/")).isEmpty();
            assertThat(sim.store().keys("workers/")).isEmpty();
        });
    }

    @Test
    void submit_sameKeySameInput_isTheSameTaskAndRunsOnce() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            int[] runs = new int[1];
            site.work((task, input) -> "" + ++runs[0]);
            TaskHandle<String> first = site.submit("a", KEYED);
            assertThat(site.submit("a", KEYED).id()).isEqualTo(first.id());
            assertThat(first.await(Site.LONG)).isEqualTo("1");
            assertThat(site.submit("a", KEYED).await(Site.LONG)).isEqualTo("1");
            sim.sleep(Duration.ofMinutes(1));
            assertThat(runs[0]).isEqualTo(1);
        });
    }

    @Test
    void submit_sameKeyOtherInput_isRefused() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("a", KEYED);
            assertThatThrownBy(() -> site.submit("b", KEYED)).isInstanceOf(IdempotencyConflictException.class)
                    .hasMessageContaining("order 17");
        });
    }

    @Test
    void submit_firstSubmitterDiedBetweenItsPuts_resubmitHealsIt() {
        Simulation.run(1, sim -> {
            Site first = Site.of(sim, "p");
            sim.store().inject(Fault.of(Fault.Kind.LOST_BEFORE), request -> request.is(RequestKind.PUT, "ready/"));
            sim.store().inject(Fault.of(Fault.Kind.CRASH_BEFORE), request -> request.is(RequestKind.PUT, "ready/"));
            first.actor.start(() -> first.submit("a", KEYED));
            sim.sleep(Duration.ofMinutes(1));
            assertThat(sim.store().keys("tasks/")).hasSize(1);
            assertThat(sim.store().keys("ready/")).isEmpty();

            Site second = Site.of(sim, "w");
            second.work(Site.ECHOES);
            assertThat(second.submit("a", KEYED).await(Site.LONG)).isEqualTo("echo a");
        });
    }

    @Test
    void await_nameOfASubmissionThatCameToNothing_saysThatThereIsNoSuchTask() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("a");
            String id = "01b8dac5-b500-7000-8000-000000000017";
            sim.store().plant("ready/q/5/1893456000000-" + id + ".1.aaaaaaaaaaaaaaaa", new byte[0]);
            sim.sleep(Duration.ofMinutes(15));
            site.windlass.sweep(true);
            assertThat(Site.status(sim, id)).isEqualTo("TOMBSTONE");

            assertThatThrownBy(() -> site.handle(id).await(Site.LONG)).isInstanceOf(TaskNotFoundException.class);
            assertThatThrownBy(() -> site.handle(id).get()).isInstanceOf(TaskNotFoundException.class);
        });
    }

    @Test
    void submit_laterDueTime_neverStartsEarlyAndNotMuchLater() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(seed, sim -> {
                Site site = Site.of(sim, "w");
                site.actor.setWallClockSkew(Duration.ofHours(sim.random().nextInt(7) - 3));
                var started = new ArrayList<Instant>();
                site.work((task, input) -> {
                    started.add(sim.now());
                    return "";
                });
                Instant before = sim.now();
                TaskHandle<String> delayed = site.submit("a",
                        SubmitOptions.ofDefaults().withDelay(Duration.ofSeconds(30)));
                Instant due = delayed.get().dueAt();
                assertThat(due).isBetween(before.plusSeconds(26), sim.now().plusSeconds(30));
                delayed.await(Site.LONG);
                assertThat(started.getFirst()).isBetween(due, due.plusSeconds(5));

                started.clear();
                Instant at = sim.now().plusSeconds(77);
                site.submit("b", SubmitOptions.ofDefaults().withDueAt(at)).await(Site.LONG);
                assertThat(started.getFirst()).isBetween(at.minusMillis(1), at.plusSeconds(5));
            });
        }
    }

    @Test
    void claim_severalPriorities_urgentFirstThenInOrder() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            for (int i = 0; i < 12; i++) {
                site.submit("" + i, SubmitOptions.ofDefaults().withPriority(9 - i % 4 * 3));
                sim.sleep(Duration.ofMillis(50));
            }
            var order = new ArrayList<String>();
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                order.add(input);
                return "";
            }, builder -> builder.concurrency(1));
            sim.runUntil(() -> order.size() == 12, Site.LONG);
            assertThat(order).containsExactly("3", "7", "11", "2", "6", "10", "1", "5", "9", "0", "4", "8");
        });
    }

    @Test
    void fail_withRetries_backsOffAndSucceeds() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            var times = new ArrayList<Duration>();
            site.work((task, input) -> {
                times.add(sim.elapsed());
                if (task.attempt() < 4) {
                    throw new IllegalStateException("attempt " + task.attempt());
                }
                return "at last";
            });
            TaskHandle<String> handle = site.submit("a", SubmitOptions.ofDefaults().withRetry(
                    new RetryPolicy(4, Duration.ofSeconds(10), Duration.ofSeconds(30), 2, 0)));
            assertThat(handle.await(Site.LONG)).isEqualTo("at last");
            for (int i = 0; i < 3; i++) {
                Duration wait = times.get(i + 1).minus(times.get(i));
                Duration planned = Duration.ofSeconds(i == 0 ? 10 : i == 1 ? 20 : 30);
                assertThat(wait).isBetween(planned.minusSeconds(4), planned.plusSeconds(6));
            }
            assertThat(handle.get().failures()).isEqualTo(3);
        });
    }

    @Test
    void fail_attemptsUsedUp_failedAndInTheDeadIndexBefore() {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim); // fails if the task turns FAILED first
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                throw new IllegalStateException("broken");
            });
            TaskHandle<String> handle = site.submit("a",
                    SubmitOptions.ofDefaults().withRetry(RetryPolicy.fixed(3, Duration.ofSeconds(1))));
            assertThatThrownBy(() -> handle.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("after 3 attempts").hasMessageContaining("broken");
            assertThat(sim.store().keys("dead/q/")).hasSize(1).allMatch(key -> key.contains('-' + handle.id() + '.'));
        });
    }

    @Test
    void fail_permanently_isNotTriedAgain() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                throw new PermanentFailure("no such address");
            });
            TaskHandle<String> handle = site.submit("a");
            assertThatThrownBy(() -> handle.await(Site.LONG)).isInstanceOf(TaskFailedException.class);
            assertThat(handle.get().attempt()).isEqualTo(1);
        });
    }

    @Test
    void reschedule_byTheHandler_runsLaterAndIsNoFailure() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            var times = new ArrayList<Duration>();
            site.work((task, input) -> {
                times.add(sim.elapsed());
                if (times.size() == 1) {
                    throw task.reschedule(Duration.ofMinutes(2));
                }
                return "";
            });
            TaskHandle<String> handle = site.submit("a", SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()));
            handle.await(Site.LONG);
            assertThat(times.get(1).minus(times.get(0))).isBetween(Duration.ofSeconds(116), Duration.ofSeconds(127));
            assertThat(handle.get().failures()).isZero();
        });
    }

    @Test
    void release_byTheHandler_runsAgainAndCountsAsNothing() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                if (task.attempt() == 1) {
                    throw new ReleaseRequest("the runtime of the handler ends");
                }
                return "done";
            });
            TaskHandle<String> handle = site.submit("a",
                    SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()).withMaxReschedules(0));
            assertThat(handle.await(Site.LONG)).isEqualTo("done");
            TaskInfo task = handle.get();
            assertThat(task.failures()).isZero();
            assertThat(task.reschedules()).isZero();
            assertThat(task.history()).extracting(Transition::event).containsExactly("submitted", "claimed", "released",
                    "claimed", "completed");
            assertThat(task.history().get(2).cause()).isEqualTo("the runtime of the handler ends");
        });
    }

    @Test
    void timeout_stubbornHandler_isRecordedAtOnceAndTheSlotStaysTaken() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            int[] running = new int[2];
            Worker worker = site.work((task, input) -> {
                running[1] = Math.max(running[1], ++running[0]);
                long end = site.actor.environment().nanoTime() + Duration.ofMinutes(5).toNanos();
                while (site.actor.environment().nanoTime() < end) {
                    try {
                        site.actor.environment().sleep(Duration.ofSeconds(10));
                    } catch (InterruptedException e) {
                        // goes on
                    }
                }
                running[0]--;
                return "too late";
            }, builder -> builder.concurrency(1));
            TaskHandle<String> handle = site.submit("a", SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(20))
                    .withRetry(RetryPolicy.none()));
            Duration start = sim.elapsed();
            assertThatThrownBy(() -> handle.await(Site.LONG)).isInstanceOf(TaskFailedException.class)
                    .hasMessageContaining("time-out");
            assertThat(sim.elapsed().minus(start)).isLessThan(Duration.ofSeconds(22));
            TaskHandle<String> next = site.submit("b", SubmitOptions.ofDefaults().withRetry(RetryPolicy.none()));
            sim.sleep(Duration.ofMinutes(3));
            assertThat(next.get().status()).isEqualTo(TaskStatus.PENDING);
            assertThat(worker.stats().running()).isEqualTo(1);
            sim.runUntil(() -> Site.status(sim, next.id()).equals("RUNNING"), Duration.ofMinutes(3));
            assertThat(running[1]).isEqualTo(1);
            assertThat(handle.get().status()).isEqualTo(TaskStatus.FAILED);
        });
    }

    @Test
    void timeout_handlerThatListens_isInterruptedAndTriedAgain() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                if (task.attempt() == 1) {
                    site.actor.environment().sleep(Duration.ofHours(1));
                }
                return "second";
            }, builder -> builder.concurrency(1));
            TaskHandle<String> handle = site.submit("a",
                    SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(5)));
            Duration start = sim.elapsed();
            assertThat(handle.await(Site.LONG)).isEqualTo("second");
            assertThat(sim.elapsed().minus(start)).isLessThan(Duration.ofSeconds(15));
        });
    }

    @Test
    void cancel_pending_neverRuns() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a");
            assertThat(handle.cancel("changed my mind")).isTrue();
            Site.of(sim, "w").work(Site.ECHOES);
            assertThatThrownBy(() -> handle.await(Site.LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("changed my mind");
            assertThat(handle.get().attempt()).isZero();
        });
    }

    @Test
    void cancel_running_handlerSeesItWithinAHeartbeat() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(seed, sim -> {
                Site site = Site.of(sim, "p");
                Site at = Site.of(sim, "w");
                at.work(at.sleeper(Duration.ofHours(5)),
                        builder -> builder.lease(Duration.ofSeconds(30), Duration.ofSeconds(10)));
                TaskHandle<String> handle = site.submit("a", SubmitOptions.ofDefaults().withTimeout(null));
                sim.runUntil(() -> Site.status(sim, handle.id()).equals("RUNNING"), Site.LONG);
                assertThat(handle.cancel("stop")).isTrue();
                Duration asked = sim.elapsed();
                sim.runUntil(() -> Site.status(sim, handle.id()).equals("CANCELLED"), Site.LONG);
                assertThat(sim.elapsed().minus(asked)).isLessThan(Duration.ofSeconds(11));
            });
        }
    }

    @Test
    void cancel_claimsAnswerComesLast_handlerSeesItAllTheSame() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofHours(5)),
                    builder -> builder.lease(Duration.ofSeconds(30), Duration.ofSeconds(1)));
            TaskHandle<String> handle = site.submit("a", SubmitOptions.ofDefaults().withTimeout(null));
            sim.store().inject(Fault.slow(Duration.ofSeconds(9)),
                    request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
            sim.runUntil(() -> Site.status(sim, handle.id()).equals("RUNNING"), Site.LONG);
            handle.cancel("stop");
            sim.runUntil(() -> Site.status(sim, handle.id()).equals("CANCELLED"), Duration.ofSeconds(30));
        });
    }

    @Test
    void cancel_runningThenFailsWithAttemptsLeft_becomesCancelled() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                site.handle(task.id()).cancel("not again");
                throw new IllegalStateException("first try");
            });
            TaskHandle<String> handle = site.submit("a");
            assertThatThrownBy(() -> handle.await(Site.LONG)).isInstanceOf(TaskCancelledException.class);
            assertThat(handle.get().attempt()).isEqualTo(1);
        });
    }

    @Test
    void cancel_racesWithComplete_oneOfThemWinsAndBothAgree() {
        int completed = 0;
        for (long seed = 0; seed < 60; seed++) {
            String[] end = new String[1];
            Simulation.run(seed, sim -> {
                QueueChecks invariants = QueueChecks.watch(sim);
                Site site = Site.of(sim, "p");
                Site at = Site.of(sim, "w");
                at.work((task, input) -> {
                    at.actor.environment().sleep(Duration.ofMillis(30));
                    invariants.returned(task.id(), task.attempt(), "done");
                    return "done";
                });
                sim.sleep(Duration.ofSeconds(1));
                TaskHandle<String> handle = site.submit("a");
                sim.sleep(Duration.ofMillis(sim.random().nextInt(1500)));
                boolean asked = handle.cancel("race");
                sim.sleep(Duration.ofSeconds(30));
                end[0] = Site.status(sim, handle.id());
                assertThat(end[0]).isIn("COMPLETED", "CANCELLED");
                assertThat(asked || end[0].equals("COMPLETED")).isTrue();
            });
            completed += end[0].equals("COMPLETED") ? 1 : 0;
        }
        assertThat(completed).isBetween(1, 59);
    }

    @Test
    void claim_poisonBody_isQuarantinedAndBlocksNobody() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            TaskHandle<String> poison = site.submit("a");
            TaskHandle<String> good = site.submit("b");
            sim.store().plant(Site.taskKey(sim, poison.id()), Site.bytes("{\"not\": \"a task\""));
            Worker worker = site.work(Site.ECHOES, builder -> builder.concurrency(1));
            assertThat(good.await(Site.LONG)).isEqualTo("echo b");
            assertThat(sim.store().keys("dead/q/")).hasSize(1).allMatch(key -> key.endsWith(poison.id()));
            assertThat(worker.stats().poison()).isEqualTo(1);
            assertThat(site.windlass.audit(true).findings()).anyMatch(finding -> finding.kind().equals("poison"));
        });
    }

    @Test
    void claim_thousandsOfUnhandledTypesAhead_doNotStarveTheOnesBehind() {
        Simulation.run(1, SimulationOptions.defaults().withTraceLimit(100), sim -> {
            Site site = Site.of(sim, "p");
            var inputs = new ArrayList<String>();
            for (int i = 0; i < 3000; i++) {
                inputs.add("unhandled " + i);
            }
            site.windlass.queue(Site.QUEUE).submitAll(TaskType.of("other", String.class, String.class), inputs,
                    SubmitOptions.ofDefaults());
            sim.sleep(Duration.ofSeconds(10));
            TaskHandle<String> behind = site.submit("b");
            Site.of(sim, "w").work(Site.ECHOES, builder -> builder.concurrency(64));
            assertThat(behind.await(Duration.ofMinutes(2))).isEqualTo("echo b");
            sim.sleep(Duration.ofSeconds(90));
            Duration start = sim.elapsed();
            site.submit("c").await(Duration.ofMinutes(2));
            assertThat(sim.elapsed().minus(start)).isLessThan(Duration.ofSeconds(15));
        });
    }

    @Test
    void claim_arrivalsWithoutEnd_doNotStarveARetryAndAnotherProcess() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work((task, input) -> {
                if (input.equals("flaky") && task.attempt() == 1) {
                    throw new IllegalStateException("once");
                }
                site.actor.environment().sleep(Duration.ofMillis(100));
                return input;
            }, builder -> builder.concurrency(2));
            TaskHandle<String> flaky = site.submit("flaky");
            TaskHandle<String> foreign = Site.of(sim, "other").submit("foreign");
            boolean[] enough = new boolean[1];
            site.actor.start("flood", () -> {
                while (!enough[0]) {
                    site.submit("more"); // more than two slots can do
                }
            });
            sim.runUntil(() -> Site.status(sim, flaky.id()).equals("COMPLETED")
                    && Site.status(sim, foreign.id()).equals("COMPLETED"), Duration.ofMinutes(2));
            enough[0] = true;
        });
    }

    @Test
    void connect_newerFormat_isRefusedAndNothingIsWritten() {
        Simulation.run(1, sim -> {
            sim.store().plant("meta/store.json", Site.bytes("{\"format\": 99, \"shardWidth\": 2}"));
            assertThatThrownBy(() -> Site.of(sim, "p")).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("newer version");
            assertThat(sim.store().counts().put()).isZero();
        });
    }
}
