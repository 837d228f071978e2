package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.windlass.environment.Strand;
import dev.windlass.queue.AuditReport;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.SweepReport;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** Workers that die, pause, lose the store or stop; what is left behind is taken over once, and cleaned up. */
class TakeoverTest {
    private static final SubmitOptions PATIENT = SubmitOptions.ofDefaults().withTimeout(null);

    private static Worker worker(Site at, Duration work) {
        return at.work(at.sleeper(work), builder -> builder.sweeper(false).lease(Duration.ofSeconds(30),
                Duration.ofSeconds(10)));
    }

    private static void untilRunning(Simulation sim, TaskHandle<?> handle) {
        sim.runUntil(() -> Site.status(sim, handle.id()).equals("RUNNING"), Site.LONG);
    }

    /** A task that was running when its worker, named w, died. */
    private static TaskHandle<String> leftBehind(Simulation sim, Site submitter) {
        TaskHandle<String> handle = submitter.submit("a", PATIENT);
        Site at = Site.of(sim, "w");
        worker(at, Duration.ofHours(1));
        untilRunning(sim, handle);
        at.actor.crash();
        return handle;
    }

    @Test
    void kill_workerWithFortyTasks_allAreRequeuedFromOneLease() {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            List<TaskHandle<String>> handles = site.windlass.queue(Site.QUEUE).submitAll(Site.ECHO,
                    java.util.Collections.nCopies(40, "x"), PATIENT);
            Site at = Site.of(sim, "w");
            at.work(at.sleeper(Duration.ofHours(1)), builder -> builder.concurrency(40));
            sim.sleep(Duration.ofSeconds(20));
            at.actor.crash();
            assertThat(site.windlass.sweep(false).deadLeases()).isZero();
            sim.sleep(Duration.ofSeconds(35));
            SweepReport report = site.windlass.sweep(false);
            assertThat(report.requeued()).isEqualTo(40);
            assertThat(sim.store().keys("leases/")).isEmpty();
            for (TaskHandle<String> handle : handles) {
                assertThat(Site.events(sim, handle.id())).containsExactly("submitted", "claimed", "lease-lost");
            }
        });
    }

    @Test
    void claim_answerLostAndLookRefused_isResolvedAndRunsAgain() {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            TaskHandle<String> task = site.submit("x");
            Site at = Site.of(sim, "w");
            boolean[] lost = new boolean[1];
            sim.store().inject(Fault.of(Fault.Kind.LOST_AFTER), request -> {
                lost[0] |= request.is(RequestKind.PUT, "tasks/");
                return lost[0];
            });
            sim.store().inject(2, Fault.of(Fault.Kind.REFUSED_403),
                    request -> lost[0] && request.is(RequestKind.GET, "tasks/"));
            at.work(Site.ECHOES);
            sim.runUntil(() -> Site.status(sim, task.id()).equals("COMPLETED"), Duration.ofMinutes(1));
            assertThat(sim.store().injectedAll()).isTrue();
            assertThat(Site.events(sim, task.id())).containsExactly("submitted", "claimed", "released", "claimed",
                    "completed");
        });
    }

    /** A lease once was created under the same id again, though the first create could still land, or had been swept. */
    @Test
    void cover_createNotKnownAndLookRefused_takesAnotherId() {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            TaskHandle<String> task = site.submit("x");
            var puts = new ArrayList<String>();
            sim.store().onRequest(request -> {
                if (request.is(RequestKind.PUT, "leases/")) {
                    puts.add(request.key());
                }
            });
            sim.store().inject(Fault.of(Fault.Kind.LOST_BEFORE), request -> request.is(RequestKind.PUT, "leases/"));
            sim.store().inject(Fault.of(Fault.Kind.REFUSED_403), request -> request.is(RequestKind.GET, "leases/"));
            Site at = Site.of(sim, "w");
            at.work(Site.ECHOES);
            sim.runUntil(() -> Site.status(sim, task.id()).equals("COMPLETED"), Duration.ofMinutes(2));
            assertThat(sim.store().injectedAll()).isTrue();
            assertThat(puts.stream().filter(puts.getFirst()::equals)).hasSize(1);
            assertThat(puts).hasSizeGreaterThan(1);
        });
    }

    /** A worker that wakes up after its lease was swept once put it anew, when the fence fell while it renewed. */
    @Test
    void fence_whileARenewalIsPrepared_deletedLeaseStaysDeleted() {
        for (long seed = 0; seed < 100; seed++) {
            Simulation.run(seed, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false); // N1
                Site site = Site.of(sim, "p");
                Site at = Site.of(sim, "w");
                worker(at, Duration.ofHours(1));
                untilRunning(sim, site.submit("a", PATIENT));
                at.actor.pause();
                sim.sleep(Duration.ofMinutes(2));
                assertThat(site.windlass.sweep(false).requeued()).isOne();
                at.actor.resume();
                sim.sleep(Duration.ofSeconds(5));
            });
        }
    }

    /** An audit once removed the entry, since the task had not failed yet; then the failure came. */
    @Test
    void audit_failureOnItsWay_entryIsThereWhenItLands() {
        failAfterAnAudit(false);
    }

    /** The delete of the first try's entry once took that of the second, which had the same name. */
    @Test
    void audit_itsDeleteIsLate_takesNoEntryOfALaterTry() {
        failAfterAnAudit(true);
    }

    private static void failAfterAnAudit(boolean lateDelete) {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false); // D1
            Site site = Site.of(sim, sim.actor("p"), builder -> builder.grace(Duration.ofSeconds(30)));
            Site at = Site.of(sim, sim.actor("w"), builder -> builder.grace(Duration.ofSeconds(30)));
            at.work((task, input) -> {
                throw new PermanentFailure("no use");
            }, builder -> builder.sweeper(false));
            TaskHandle<String> task = site.submit("x");
            sim.runUntil(() -> !sim.store().keys("dead/").isEmpty(), Site.LONG);
            at.actor.suspend();
            sim.sleep(Duration.ofMinutes(5));
            if (lateDelete) {
                sim.store().inject(Fault.landsLate(Duration.ofMinutes(2)),
                        request -> request.is(RequestKind.DELETE, "dead/"));
            }
            assertThat(site.windlass.audit(true).findings()).extracting(AuditReport.Finding::kind)
                    .contains("stale-dead-entry");
            at.actor.resume();
            sim.runUntil(() -> Site.status(sim, task.id()).equals("FAILED"), Site.LONG);
            sim.sleep(Duration.ofMinutes(5));
            assertThat(sim.store().injectedAll()).isTrue();
            assertThat(sim.store().keys("dead/")).hasSize(1);
        });
    }

    @Test
    void poll_levelsOnSeveralPagesOfNames_allAreWorkedOff() {
        SimulationOptions shortPages = SimulationOptions.defaults()
                .withStore(StoreOptions.defaults().withPages(1, 0));
        Simulation.run(1, shortPages, sim -> {
            Site site = Site.of(sim, "p");
            for (int priority : new int[]{1, 4, 8}) {
                site.submit("x", SubmitOptions.ofDefaults().withPriority(priority));
            }
            Site.of(sim, "w").work(Site.ECHOES);
            sim.runUntil(() -> sim.store().keys("tasks/").stream().allMatch(
                    key -> Site.json(sim.store().peek(key)).path("status").asString("").equals("COMPLETED")),
                    Duration.ofMinutes(2));
            assertThat(site.windlass.queue(Site.QUEUE).stats().due()).isZero();
        });
    }

    @Test
    void sweep_oneTaskUnreadable_othersOfTheDeadAreRequeued() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            List<TaskHandle<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TaskHandle<String> task = site.submit("x" + i, PATIENT);
                Site at = Site.of(sim, "w" + i);
                worker(at, Duration.ofHours(1));
                untilRunning(sim, task);
                at.actor.crash();
                tasks.add(task);
            }
            for (TaskHandle<String> broken : tasks.subList(0, 2)) {
                String body = Site.task(sim, broken.id()).toString();
                sim.store().plant(Site.taskKey(sim, broken.id()),
                        Site.bytes(body.replaceAll("\"maxAttempts\":\\d+", "\"maxAttempts\":0")));
            }
            sim.sleep(Duration.ofMinutes(2));
            assertThat(site.windlass.sweep(false).requeued()).isEqualTo(2);
            assertThat(site.windlass.find(info -> true, 10)).hasSize(2);
        });
    }

    @Test
    void kill_taskThatKillsItsWorkers_failsAfterTheAttemptsAllowed() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("deadly", PATIENT.withRetry(RetryPolicy.fixed(2, Duration.ZERO)));
            for (int i = 0; i < 2; i++) {
                Site at = Site.of(sim, "w" + i);
                at.work((task, input) -> {
                    at.actor.crash();
                    return "";
                });
                sim.runUntil(at.actor::isCrashed, Site.LONG);
                sim.sleep(Duration.ofMinutes(1));
                site.windlass.sweep(false);
            }
            assertThat(Site.status(sim, handle.id())).isEqualTo("FAILED");
            assertThat(sim.store().keys("dead/q/")).hasSize(1);
        });
    }

    @Test
    void pause_longerThanTheTtlNobodyRequeued_completionIsAccepted() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a", PATIENT);
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                at.actor.pause();
                return "after the pause";
            }, builder -> builder.sweeper(false));
            sim.runUntil(at.actor::isPaused, Site.LONG);
            sim.sleep(Duration.ofMinutes(5));
            at.actor.resume();
            assertThat(handle.await(Site.LONG)).isEqualTo("after the pause");
            assertThat(handle.get().attempt()).isEqualTo(1);
        });
    }

    @Test
    void pause_longerThanTheTtlSomebodyRequeued_newerAttemptCounts() {
        for (long seed = 0; seed < 30; seed++) {
            boolean suspended = seed % 2 == 0;
            Simulation.run(seed, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false);
                Site site = Site.of(sim, "p");
                TaskHandle<String> handle = site.submit("a", PATIENT);
                Site at = Site.of(sim, "w");
                Worker first = worker(at, Duration.ofSeconds(20));
                untilRunning(sim, handle);
                if (suspended) {
                    at.actor.suspend();
                } else {
                    at.actor.pause();
                }
                sim.sleep(Duration.ofMinutes(5));
                assertThat(site.windlass.sweep(false).requeued()).isEqualTo(1);
                at.actor.resume();
                // The driver watches for F1: no handler but the newer attempt's may complete it.
                sim.runUntil(() -> !Site.claims(sim).isEmpty() && Site.status(sim, handle.id()).equals("RUNNING"),
                        Site.LONG);
                assertThat(handle.get().attempt()).isEqualTo(2);
                sim.sleep(Duration.ofMinutes(1));
                assertThat(first.stats().leasesLost()).isEqualTo(1);
            });
        }
    }

    @Test
    void hang_ofTheStore_workerFencesItselfAndGoesOnUnderAnotherLease() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a", PATIENT);
            Site at = Site.of(sim, "w");
            boolean[] interrupted = new boolean[1];
            at.work((task, input) -> {
                if (task.attempt() > 1) {
                    return "again";
                }
                try {
                    at.actor.environment().sleep(Duration.ofHours(1));
                } catch (InterruptedException e) {
                    interrupted[0] = true;
                    throw e;
                }
                return "";
            }, builder -> builder.lease(Duration.ofSeconds(30), Duration.ofSeconds(10)));
            untilRunning(sim, handle);
            String lease = Site.task(sim, handle.id()).path("leaseId").asString();
            sim.store().setDown(true);
            sim.runUntil(() -> interrupted[0], Duration.ofSeconds(26)); // before anybody may judge the lease
            sim.sleep(Duration.ofMinutes(1));
            sim.store().setDown(false);
            assertThat(handle.await(Site.LONG)).isEqualTo("again");
            assertThat(Site.task(sim, handle.id()).path("leaseId").asString()).isNotEqualTo(lease);
        });
    }

    @Test
    void drain_stubbornHandlers_tasksAreReleasedForOthers() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a", PATIENT);
            Site at = Site.of(sim, "w");
            Worker worker = at.work((task, input) -> {
                while (true) {
                    try {
                        at.actor.environment().sleep(Duration.ofHours(1));
                    } catch (InterruptedException e) {
                        // goes on
                    }
                }
            });
            untilRunning(sim, handle);
            sim.sleep(Duration.ofSeconds(1));
            var ended = new ArrayList<Boolean>();
            at.actor.start(() -> ended.add(worker.drain(Duration.ofSeconds(5))));
            sim.runUntil(() -> !ended.isEmpty(), Duration.ofMinutes(1));
            assertThat(ended).containsExactly(false);
            assertThat(handle.get().failures()).isZero();
            assertThat(Site.events(sim, handle.id())).endsWith("released");
            assertThat(sim.store().keys("leases/")).isEmpty();
            Site.of(sim, "w2").work(Site.ECHOES);
            assertThat(handle.await(Site.LONG)).isEqualTo("echo a");
        });
    }

    @Test
    void retire_ofAWorkerKnownDead_requeuesAtOnce() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = leftBehind(sim, site);
            assertThat(site.windlass.retire("w").requeued()).isEqualTo(1);
            assertThat(sim.store().keys("workers/")).isEmpty();
            Site.of(sim, "w2").work(Site.ECHOES);
            assertThat(handle.await(Duration.ofSeconds(5))).isEqualTo("echo a");
        });
    }

    @Test
    void sweep_diesAtAnyOfItsWrites_nextOneGoesOn() {
        for (int n = 1; n <= 20; n++) {
            int number = n;
            Simulation.run(n, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false);
                List<TaskHandle<String>> handles = orphans(sim, 5);
                Site first = Site.of(sim, "s1");
                int[] writes = new int[1];
                sim.store().inject(Fault.of(number % 2 == 0 ? Fault.Kind.CRASH_BEFORE : Fault.Kind.CRASH_AFTER),
                        request -> request.actor().equals("s1") && request.kind() != RequestKind.GET
                                && request.kind() != RequestKind.LIST && ++writes[0] == (number + 1) / 2);
                first.actor.start(() -> first.windlass.sweep(false));
                sim.sleep(Duration.ofMinutes(1));
                Site second = Site.of(sim, "s2");
                second.windlass.sweep(false);
                requireRequeuedOnce(sim, handles);
            });
        }
    }

    @Test
    void sweep_twoAtOnce_eachTaskIsRequeuedOnce() {
        for (long seed = 0; seed < 40; seed++) {
            Simulation.run(seed, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false);
                List<TaskHandle<String>> handles = orphans(sim, 5);
                List<Strand> sweeps = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Site site = Site.of(sim, "s" + i);
                    sweeps.add(site.actor.start(() -> {
                        site.windlass.sweep(false);
                        site.windlass.sweep(false);
                    }));
                }
                for (Strand sweep : sweeps) {
                    sweep.join();
                }
                sim.sleep(Duration.ofMinutes(1));
                Site.of(sim, "s3").windlass.sweep(false);
                requireRequeuedOnce(sim, handles);
            });
        }
    }

    private static List<TaskHandle<String>> orphans(Simulation sim, int tasks) throws InterruptedException {
        Site site = Site.of(sim, "p");
        List<TaskHandle<String>> handles = site.windlass.queue(Site.QUEUE).submitAll(Site.ECHO,
                java.util.Collections.nCopies(tasks, "x"), PATIENT);
        Site at = Site.of(sim, "w");
        worker(at, Duration.ofHours(1));
        sim.sleep(Duration.ofSeconds(5));
        at.actor.crash();
        sim.sleep(Duration.ofMinutes(1));
        return handles;
    }

    private static void requireRequeuedOnce(Simulation sim, List<TaskHandle<String>> handles) {
        for (TaskHandle<String> handle : handles) {
            assertThat(Site.status(sim, handle.id())).isEqualTo("PENDING");
            assertThat(handle.get().failures()).isEqualTo(1);
        }
        assertThat(sim.store().keys("leases/")).isEmpty();
    }

    @Test
    void deadline_workerAliveButStuck_sweeperEndsTheAttempt() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a",
                    SubmitOptions.ofDefaults().withTimeout(Duration.ofSeconds(30)).withRetry(RetryPolicy.none()));
            Site at = Site.of(sim, "w");
            worker(at, Duration.ofHours(1));
            untilRunning(sim, handle);
            // Its heartbeats arrive, its writes to the task do not.
            sim.store().inject(1_000_000, Fault.of(Fault.Kind.LOST_BEFORE),
                    request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
            Site.of(sim, "w2").work(Site.ECHOES);
            sim.runUntil(() -> Site.status(sim, handle.id()).equals("FAILED"), Duration.ofMinutes(4));
            assertThat(Site.events(sim, handle.id())).endsWith("timed-out");
        });
    }

    @Test
    void mailbox_messageToADeadWorker_doesNotMakeItLookAlive() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = leftBehind(sim, site);
            sim.sleep(Duration.ofSeconds(29));
            handle.cancel("too late");
            assertThat(sim.store().keys("leases/")).hasSize(1);
            assertThat(Site.json(sim.store().peek(sim.store().keys("leases/").getFirst())).path("mailbox")).hasSize(1);
            sim.sleep(Duration.ofSeconds(8));
            site.windlass.sweep(false);
            sim.sleep(Duration.ofSeconds(30));
            site.windlass.sweep(false);
            assertThat(Site.status(sim, handle.id())).isEqualTo("CANCELLED");
            assertThat(sim.store().keys("leases/")).isEmpty();
        });
    }

    @Test
    void readyKey_ofATaskThatNeverLanded_tombstoneKeepsTheLateTaskOut() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            site.submit("first").cancel("");
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(20)),
                    request -> request.is(RequestKind.PUT, "tasks/"));
            site.actor.start(() -> site.submit("late", SubmitOptions.ofDefaults().withIdempotencyKey("k")));
            sim.sleep(Duration.ofSeconds(5));
            site.actor.crash();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(sim.store().keys("ready/")).hasSize(1);
            Site at = Site.of(sim, "w");
            at.work(Site.ECHOES);
            sim.sleep(Duration.ofMinutes(12));
            assertThat(sim.store().keys("ready/")).isEmpty();
            sim.sleep(Duration.ofMinutes(30));
            Set<String> states = new HashSet<>();
            sim.store().keys("tasks/").forEach(key -> states.add(Site.json(sim.store().peek(key)).path("status")
                    .asString()));
            assertThat(states).containsExactlyInAnyOrder("CANCELLED", "TOMBSTONE");
            assertThat(at.submit("late", SubmitOptions.ofDefaults().withIdempotencyKey("k")).await(Site.LONG))
                    .isEqualTo("echo late");
        });
    }

    @Test
    void readyKey_ofARequeueThatNeverLanded_isRemovedAfterGraceOnly() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "w");
            site.work(Site.ECHOES);
            TaskHandle<String> handle = site.submit("a",
                    SubmitOptions.ofDefaults().withDelay(Duration.ofHours(3)));
            String key = "ready/q/5/0000000000000-" + handle.id() + ".2.aaaaaaaaaaaaaaaa";
            sim.store().plant(key, new byte[0]);
            String writeId = Site.task(sim, handle.id()).path("writeId").asString();
            sim.sleep(Duration.ofMinutes(9));
            assertThat(sim.store().peek(key)).isNotNull();
            assertThat(Site.task(sim, handle.id()).path("writeId").asString()).isEqualTo(writeId);
            sim.sleep(Duration.ofMinutes(3));
            assertThat(sim.store().peek(key)).isNull();
            assertThat(Site.task(sim, handle.id()).path("writeId").asString()).isNotEqualTo(writeId);
            assertThat(handle.await(Duration.ofHours(4))).isEqualTo("echo a");
        });
    }

    @Test
    void submit_slowerThanTheGracePeriod_isRequeuedBeforeTheAcknowledgement() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, sim.actor("p"), builder -> builder.grace(Duration.ofSeconds(12)));
            site.submit("first").cancel("");
            sim.store().inject(Fault.slow(Duration.ofSeconds(10)), request -> request.is(RequestKind.PUT, "tasks/"));
            TaskHandle<String> handle = site.submit("a");
            assertThat(Site.task(sim, handle.id()).path("gen").asInt()).isEqualTo(2);
            assertThat(sim.store().keys("ready/q/"))
                    .contains(Site.task(sim, handle.id()).path("readyKey").asString());
        });
    }

    @Test
    void audit_eachKindOfDamage_isFoundAndRepaired() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> lost = site.submit("lost");
            sim.store().uproot(Site.task(sim, lost.id()).path("readyKey").asString());
            Site at = Site.of(sim, "w");
            worker(at, Duration.ofHours(1));
            TaskHandle<String> running = site.submit("running", PATIENT);
            untilRunning(sim, running);
            sim.sleep(Duration.ofSeconds(1)); // the claim's ready key is deleted
            at.actor.crash();
            sim.store().keys("leases/").forEach(sim.store()::uproot);
            sim.store().plant("ready/q/5/1893456000000-0000-1111.1.aaaaaaaaaaaaaaaa", new byte[0]);
            sim.store().plant("dead/q/1893456000000-" + lost.id(), Site.bytes("{}"));
            sim.sleep(Duration.ofMinutes(15));

            assertThat(site.windlass.audit(false).findings()).extracting(AuditReport.Finding::kind)
                    .containsExactlyInAnyOrder("no-ready-key", "no-lease", "orphan-key", "stale-dead-entry");
            AuditReport report = site.windlass.audit(true);
            assertThat(report.repaired()).isEqualTo(4);
            sim.sleep(Duration.ofSeconds(5));
            assertThat(site.windlass.audit(false).findings()).isEmpty();
            Site.of(sim, "w2").work(Site.ECHOES);
            assertThat(lost.await(Site.LONG)).isEqualTo("echo lost");
            assertThat(running.await(Site.LONG)).isEqualTo("echo running");
        });
    }

    @Test
    void claim_answerLostAndLanded_workStarts() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a");
            sim.store().inject(Fault.of(Fault.Kind.LOST_AFTER),
                    request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(handle.await(Site.LONG)).isEqualTo("echo a");
            assertThat(handle.get().attempt()).isEqualTo(1);
        });
    }

    @Test
    void claim_landsLongAfterItsWorkerDied_hasBeenFencedByATouch() {
        Simulation.run(1, sim -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            Site site = Site.of(sim, "p");
            TaskHandle<String> handle = site.submit("a", PATIENT);
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(3)),
                    request -> request.actor().equals("w") && request.is(RequestKind.PUT, "tasks/"));
            Site at = Site.of(sim, "w");
            worker(at, Duration.ofHours(1));
            sim.runUntil(() -> !Site.claims(sim).isEmpty(), Site.LONG);
            sim.sleep(Duration.ofSeconds(1));
            at.actor.crash();
            sim.sleep(Duration.ofMinutes(1));
            site.windlass.sweep(false);
            assertThat(sim.store().keys("leases/")).isEmpty();
            sim.sleep(Duration.ofMinutes(10));
            assertThat(Site.status(sim, handle.id())).isEqualTo("PENDING");
            Site.of(sim, "w2").work(Site.ECHOES);
            assertThat(handle.await(Site.LONG)).isEqualTo("echo a");
        });
    }

    @Test
    void claim_readAfterItsLeaseWasResolved_isGivenUp() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(seed, sim -> {
                QueueChecks.watch(sim, Duration.ZERO, false); // L1
                Site site = Site.of(sim, "p");
                TaskHandle<String> handle = site.submit("a", PATIENT);
                Site at = Site.of(sim, "w");
                sim.store().inject(2, Fault.of(Fault.Kind.UNAVAILABLE_503),
                        request -> request.actor().equals("w") && request.is(RequestKind.GET, "tasks/"));
                worker(at, Duration.ofSeconds(1));
                sim.runUntil(() -> !Site.claims(sim).isEmpty(), Site.LONG);
                at.actor.suspend(); // its monotonic clock stands still
                sim.sleep(Duration.ofMinutes(2));
                site.windlass.sweep(false);
                at.actor.resume();
                handle.await(Site.LONG);
            });
        }
    }
}
