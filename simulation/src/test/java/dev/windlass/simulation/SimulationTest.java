package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import org.junit.jupiter.api.Test;

class SimulationTest {

    @Test
    void run_sameSeedTwice_sameHistory() {
        SimulationResult first = Hustle.run(7);
        SimulationResult second = Hustle.run(7);

        assertThat(first.trace()).hasSizeGreaterThan(100).isEqualTo(second.trace());
        assertThat(first.fingerprint()).isEqualTo(second.fingerprint());
        assertThat(first.steps()).isEqualTo(second.steps());
    }

    @Test
    void run_otherSeeds_otherHistories() {
        Set<Long> fingerprints = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            fingerprints.add(Hustle.run(seed).fingerprint());
        }
        assertThat(fingerprints).hasSize(50);
    }

    @Test
    void run_sameSeedsInAnotherJvm_sameHistories() throws Exception {
        // without the opened package, so the platform's scheduler carries the threads: the history must not notice
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Hustle.class.getName(), "0", "20").redirectErrorStream(true)
                .start();
        String elsewhere = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(elsewhere).isZero();

        assertThat(elsewhere.lines()).containsExactlyElementsOf(Hustle.histories(0, 20));
    }

    @Test
    void sleep_severalThreads_wakeInTheOrderOfTheirInstants() {
        List<String> order = new ArrayList<>();
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            for (int seconds : new int[]{3, 1, 2}) {
                actor.start("s" + seconds, () -> {
                    actor.environment().sleep(Duration.ofSeconds(seconds));
                    order.add(seconds + " " + sim.elapsed());
                });
            }
            sim.sleep(Duration.ofSeconds(10));
        });
        assertThat(order).containsExactly("1 PT1S", "2 PT2S", "3 PT3S");
    }

    @Test
    void sleep_thirtyDays_takesVirtualTimeOnly() {
        long started = System.nanoTime();
        SimulationResult result = Simulation.run(1, sim -> sim.sleep(Duration.ofDays(30)));

        assertThat(result.virtualTime()).isEqualTo(Duration.ofDays(30));
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void lock_unprotectedCheckThenAct_losesOnSomeSeedsOnly() {
        int lost = 0;
        for (long seed = 0; seed < 40; seed++) {
            lost += count(seed, false) < 20 ? 1 : 0;
            assertThat(count(seed, true)).as("seed %d", seed).isEqualTo(20);
        }
        assertThat(lost).isGreaterThan(10);
    }

    /** Two threads count to ten each; between look and write each takes another lock, which lets the other one in. */
    private static int count(long seed, boolean locked) {
        AtomicInteger value = new AtomicInteger();
        Simulation.run(seed, sim -> {
            Actor actor = sim.actor("a");
            Monitor guard = actor.environment().newMonitor();
            Monitor other = actor.environment().newMonitor();
            List<Strand> strands = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                strands.add(actor.start("t" + thread, () -> {
                    for (int i = 0; i < 10; i++) {
                        if (locked) {
                            guard.lock();
                        }
                        int seen = value.get();
                        other.lock();
                        other.unlock();
                        value.set(seen + 1);
                        if (locked) {
                            guard.unlock();
                        }
                    }
                }));
            }
            for (Strand strand : strands) {
                strand.join();
            }
        });
        return value.get();
    }

    @Test
    void lock_takenTwice_isGivenBackWithTheSecondUnlock() {
        List<String> order = new ArrayList<>();
        Simulation.run(3, sim -> {
            Environment environment = sim.environment();
            Monitor monitor = environment.newMonitor();
            monitor.lock();
            monitor.lock();
            Strand other = environment.start("other", () -> {
                monitor.lock();
                order.add("other");
                monitor.unlock();
            });
            monitor.unlock();
            sim.sleep(Duration.ofSeconds(1));
            order.add("first");
            monitor.unlock();
            other.join();
        });
        assertThat(order).containsExactly("first", "other");
    }

    @Test
    void unlock_notHeld_isRefused() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> sim.environment().newMonitor().unlock()))
                .isInstanceOf(SimulationFailure.class).hasCauseInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    @SuppressWarnings("WaitNotInLoop") // the wait itself is under test
    void await_signalOrLimit_tellsWhichCameFirst() {
        List<String> seen = new ArrayList<>();
        Simulation.run(5, sim -> {
            Environment environment = sim.environment();
            Monitor monitor = environment.newMonitor();
            environment.start("signaller", () -> {
                try {
                    environment.sleep(Duration.ofSeconds(5));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                monitor.lock();
                monitor.signalAll();
                monitor.unlock();
            });
            monitor.lock();
            seen.add(monitor.await(Duration.ofSeconds(1)) + " " + sim.elapsed());
            seen.add(monitor.await(Duration.ofHours(1)) + " " + sim.elapsed());
            seen.add(monitor.await(Duration.ZERO) + " " + sim.elapsed());
            monitor.unlock();
        });
        assertThat(seen).containsExactly("false PT1S", "true PT5S", "false PT5S");
    }

    @Test
    void await_spuriousWakesOn_endsEarlyOnSomeSeed() {
        int early = 0;
        SimulationOptions options = SimulationOptions.defaults().withSpuriousWakes(0.5);
        for (long seed = 0; seed < 20; seed++) {
            early += Simulation.run(seed, options, sim -> {
                Monitor monitor = sim.environment().newMonitor();
                monitor.lock();
                monitor.await(Duration.ofDays(1));
                monitor.unlock();
            }).virtualTime().compareTo(Duration.ofDays(1)) < 0 ? 1 : 0;
        }
        assertThat(early).isBetween(1, 19);
    }

    @Test
    void interrupt_sleepAwaitAndJoin_wakeAtOnce() {
        List<String> woken = new ArrayList<>();
        Simulation.run(1, sim -> {
            Environment environment = sim.environment();
            Actor actor = sim.actor("a");
            Monitor monitor = actor.environment().newMonitor();
            Strand sleeper = actor.start("sleeper", () -> actor.environment().sleep(Duration.ofDays(1)));
            List<Strand> strands = List.of(sleeper(actor, woken), waiter(actor, monitor, woken),
                    joiner(actor, sleeper, woken));
            sim.sleep(Duration.ofSeconds(1));
            strands.forEach(Strand::interrupt);
            for (Strand strand : strands) {
                assertThat(strand.join(Duration.ofSeconds(1))).isTrue();
            }
            assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(1));
            assertThat(sleeper.isAlive()).isTrue();
            assertThat(sleeper.join(Duration.ofSeconds(1))).isFalse();
            assertThat(environment.random()).isNotNull();
        });
        assertThat(woken).containsExactlyInAnyOrder("sleep false", "await false", "join false");
    }

    private static Strand sleeper(Actor actor, List<String> woken) {
        return actor.start("sleep", () -> {
            try {
                actor.environment().sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                woken.add("sleep " + Thread.currentThread().isInterrupted());
            }
        });
    }

    @SuppressWarnings("WaitNotInLoop") // the wait itself is under test
    private static Strand waiter(Actor actor, Monitor monitor, List<String> woken) {
        return actor.start("await", () -> {
            monitor.lock();
            try {
                monitor.await();
            } catch (InterruptedException e) {
                woken.add("await " + Thread.currentThread().isInterrupted());
            } finally {
                monitor.unlock();
            }
        });
    }

    private static Strand joiner(Actor actor, Strand other, List<String> woken) {
        return actor.start("join", () -> {
            try {
                other.join();
            } catch (InterruptedException e) {
                woken.add("join " + Thread.currentThread().isInterrupted());
            }
        });
    }

    @Test
    void interrupt_threadThatWaitsForALock_keepsItsFlagAndGetsTheLock() {
        AtomicInteger flags = new AtomicInteger();
        Simulation.run(1, sim -> {
            Environment environment = sim.environment();
            Monitor monitor = environment.newMonitor();
            monitor.lock();
            Strand other = environment.start("other", () -> {
                monitor.lock();
                monitor.unlock();
                flags.addAndGet(Thread.interrupted() ? 1 : 0);
                flags.addAndGet(Thread.interrupted() ? 10 : 0);
            });
            sim.sleep(Duration.ofSeconds(1));
            other.interrupt();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(other.isAlive()).isTrue();
            monitor.unlock();
            other.join();
        });
        assertThat(flags).hasValue(1);
    }

    @Test
    void run_everyThreadWaits_reportsTheDeadlock() {
        assertThatThrownBy(() -> Simulation.run(99, sim -> {
            Actor actor = sim.actor("a");
            Monitor one = actor.environment().newMonitor();
            Monitor two = actor.environment().newMonitor();
            Strand left = actor.start("left", () -> both(actor, one, two));
            actor.start("right", () -> both(actor, two, one));
            left.join();
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("deadlock").hasMessageContaining("seed 99")
                .hasMessageContaining("a:left #2 waits for a monitor held by right")
                .hasMessageContaining("a:right #3 waits for a monitor held by left")
                .hasMessageContaining("driver:driver #1 waits for end of left");
    }

    private static void both(Actor actor, Monitor first, Monitor second) throws InterruptedException {
        first.lock();
        actor.environment().sleep(Duration.ofSeconds(1));
        second.lock();
    }

    @Test
    void run_actorThrows_failsWithSeedCauseAndTrace() {
        assertThatThrownBy(() -> Simulation.run(12, sim -> {
            Actor actor = sim.actor("a");
            actor.start(() -> {
                actor.store().get("some/key");
                throw new IllegalStateException("broken");
            });
            sim.sleep(Duration.ofDays(1));
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("seed 12").hasMessageContaining("broken")
                .hasMessageContaining("a/1 GET some/key: nothing").hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void run_actorThrowsAndThatIsTolerated_goesOn() {
        SimulationResult result = Simulation.run(12, SimulationOptions.defaults().toleratingUncaught(), sim -> {
            sim.actor("a").start(() -> {
                throw new IllegalStateException("broken");
            });
            sim.sleep(Duration.ofDays(1));
        });
        assertThat(result.trace()).anyMatch(line -> line.contains("broken"));
    }

    @Test
    void run_driverAssertionFails_failsTheSimulation() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> assertThat(1).isEqualTo(2)))
                .isInstanceOf(SimulationFailure.class).hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void run_moreStepsThanAllowed_fails() {
        assertThatThrownBy(() -> Simulation.run(1, SimulationOptions.defaults().withMaxSteps(1_000), sim -> {
            while (true) {
                sim.sleep(Duration.ZERO);
            }
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("more than 1000 steps");
    }

    @Test
    void run_threadThatOnlyLooksAtTheClock_fails() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            actor.start("spinner", () -> {
                long begun = actor.environment().nanoTime();
                while (actor.environment().nanoTime() - begun < 1_000_000) {
                    Thread.onSpinWait();
                }
            });
            sim.sleep(Duration.ofSeconds(1));
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("a:spinner looks at the clock");
    }

    @Test
    void run_longerThanAllowed_fails() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> sim.sleep(Duration.ofDays(1_000))))
                .isInstanceOf(SimulationFailure.class).hasMessageContaining("of virtual time");
    }

    @Test
    void runUntil_conditionHolds_returnsAtThatInstant() {
        Simulation.run(1, sim -> {
            AtomicInteger done = new AtomicInteger();
            Actor actor = sim.actor("a");
            actor.start(() -> {
                actor.environment().sleep(Duration.ofSeconds(5));
                done.set(1);
                actor.environment().sleep(Duration.ofSeconds(5));
            });
            sim.runUntil(() -> done.get() == 1, Duration.ofMinutes(1));
            assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(5));
            assertThat(sim.holdsWithin(() -> done.get() == 2, Duration.ofMinutes(1))).isFalse();
            assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(65));
        });
    }

    @Test
    void runUntil_conditionNeverHolds_failsWithTheThreads() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> sim.runUntil(() -> false, Duration.ofMinutes(1))))
                .isInstanceOf(SimulationFailure.class).hasMessageContaining("did not hold within PT1M");
    }

    @Test
    void caller_threadFromOutside_isRefused() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> {
            List<Throwable> thrown = new ArrayList<>();
            Thread outsider = new Thread(() -> {
                try {
                    sim.environment().sleep(Duration.ofSeconds(1));
                } catch (IllegalStateException | InterruptedException e) {
                    thrown.add(e);
                }
            });
            outsider.start();
            outsider.join();
            throw (Exception) thrown.getFirst();
        })).hasMessageContaining("not one of the simulation");
    }
}
