package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.store.Precondition;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;

class ActorTest {
    private static final byte[] BODY = {1};

    @Test
    void crash_finallyBlocksOfItsThreads_cannotWrite() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(seed, sim -> {
                Actor actor = sim.actor("a");
                List<String> thrown = new ArrayList<>();
                Strand strand = actor.start(() -> {
                    try {
                        actor.environment().sleep(Duration.ofDays(1));
                    } finally {
                        try {
                            actor.store().put("cleanup", BODY, Precondition.none());
                        } catch (SimulatedCrash crash) {
                            thrown.add("put");
                        }
                        actor.environment().wallTime();
                    }
                });
                sim.sleep(Duration.ofSeconds(1));
                actor.crash();
                strand.join();
                sim.sleep(Duration.ofDays(1));
                assertThat(thrown).containsExactly("put");
                assertThat(sim.store().keys("")).isEmpty();
                assertThat(sim.store().counts(actor)).isEqualTo(RequestCounts.NONE);
            });
        }
    }

    @Test
    void crash_everyKindOfWait_isUnwound() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            Monitor monitor = actor.environment().newMonitor();
            AtomicInteger unwound = new AtomicInteger();
            List<Strand> strands = new ArrayList<>();
            Strand holder = actor.start("holder", () -> {
                monitor.lock();
                actor.environment().sleep(Duration.ofDays(1));
            });
            strands.add(holder);
            sim.sleep(Duration.ofSeconds(1));
            strands.add(actor.start("locker", () -> unwinding(unwound, monitor::lock)));
            strands.add(actor.start("joiner", () -> unwinding(unwound, holder::join)));
            sim.store().inject(Fault.slow(Duration.ofDays(1)), request -> true);
            strands.add(actor.start("reader", () -> unwinding(unwound, () -> actor.store().get("k"))));
            sim.sleep(Duration.ofSeconds(1));
            actor.crash();
            for (Strand strand : strands) {
                strand.join();
            }
            assertThat(unwound).hasValue(3);
            assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(2));
        });
    }

    private static void unwinding(AtomicInteger unwound, ActorBody body) throws Exception {
        try {
            body.run();
        } catch (SimulatedCrash crash) {
            unwound.incrementAndGet();
            throw crash;
        }
    }

    @Test
    void crash_threadThatSwallowsItForEver_doesNotHangTheSimulation() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            Strand strand = actor.start(() -> {
                while (true) {
                    try {
                        actor.environment().sleep(Duration.ofSeconds(1));
                    } catch (SimulatedCrash swallowed) {
                        actor.note("swallows");
                    }
                }
            });
            sim.sleep(Duration.ofSeconds(5));
            actor.crash();
            sim.sleep(Duration.ofSeconds(5));
            assertThat(strand.isAlive()).isFalse();
        });
    }

    @Test
    void crash_threadThatTurnsItIntoAnotherException_isNoFailure() {
        SimulationResult result = Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            actor.start(() -> {
                try {
                    actor.environment().sleep(Duration.ofDays(1));
                } catch (SimulatedCrash crash) {
                    throw new IllegalStateException("wrapped", crash);
                }
            });
            sim.sleep(Duration.ofSeconds(1));
            actor.crash();
            sim.sleep(Duration.ofSeconds(1));
        });
        assertThat(result.trace()).anyMatch(line -> line.contains("wrapped"));
    }

    @Test
    void crash_byItsOwnThread_throwsAtOnce() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            AtomicInteger after = new AtomicInteger();
            actor.start(() -> {
                actor.crash();
                after.set(1);
            }).join();
            assertThat(after).hasValue(0);
            assertThat(actor.isCrashed()).isTrue();
        });
    }

    @Test
    void crash_beforeAndAfterARequest_byScript() {
        Simulation.run(1, sim -> {
            Actor before = sim.actor("before");
            Actor after = sim.actor("after");
            sim.store().inject(Fault.of(Fault.Kind.CRASH_BEFORE), request -> request.actor().equals("before"));
            sim.store().inject(Fault.of(Fault.Kind.CRASH_AFTER), request -> request.actor().equals("after"));
            for (Actor actor : List.of(before, after)) {
                actor.start(() -> {
                    actor.store().put(actor.name(), BODY, Precondition.none());
                    actor.store().put("second", BODY, Precondition.none());
                }).join();
                assertThat(actor.isCrashed()).isTrue();
            }
            assertThat(sim.store().keys("")).containsExactly("after");
        });
    }

    @Test
    void crash_requestUnderWay_landsOnSomeSeedsOnly() {
        int landed = 0;
        for (long seed = 0; seed < 30; seed++) {
            boolean[] there = new boolean[1];
            Simulation.run(seed, sim -> {
                Actor actor = sim.actor("a");
                actor.start(() -> actor.store().put("k", BODY, Precondition.none()));
                sim.sleep(Duration.ofNanos(1));
                actor.crash();
                sim.sleep(Duration.ofDays(1));
                there[0] = sim.store().peek("k") != null;
            });
            landed += there[0] ? 1 : 0;
        }
        assertThat(landed).isBetween(1, 29);
    }

    @Test
    void pause_itsThreads_standStillUntilResume() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            AtomicInteger ticks = new AtomicInteger();
            long[] nanos = new long[2];
            nanos[0] = actor.environment().nanoTime();
            actor.start(() -> {
                while (true) {
                    actor.environment().sleep(Duration.ofSeconds(1));
                    ticks.incrementAndGet();
                }
            });
            sim.sleep(Duration.ofMillis(3_500));
            actor.pause();
            sim.sleep(Duration.ofMinutes(5));
            assertThat(ticks).hasValue(3);
            actor.resume();
            sim.sleep(Duration.ofMillis(1_500));
            assertThat(ticks).hasValue(5);
            nanos[1] = actor.environment().nanoTime();
            assertThat(Duration.ofNanos(nanos[1] - nanos[0])).isEqualTo(sim.elapsed());
        });
    }

    @Test
    void suspend_monotonicClock_standsStillToo() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            long before = actor.environment().nanoTime();
            sim.sleep(Duration.ofSeconds(1));
            actor.suspend();
            sim.sleep(Duration.ofMinutes(5));
            actor.resume();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(Duration.ofNanos(actor.environment().nanoTime() - before)).isEqualTo(Duration.ofSeconds(2));
            assertThat(actor.environment().wallTime()).isEqualTo(sim.now());
        });
    }

    @Test
    void pause_beforeItsThreadBegins_holdsIt() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            AtomicInteger begun = new AtomicInteger();
            actor.start(() -> begun.set(1));
            actor.pause();
            sim.sleep(Duration.ofDays(1));
            assertThat(begun).hasValue(0);
            actor.resume();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(begun).hasValue(1);
        });
    }

    @Test
    void restart_nextLife_hasAFreshEnvironment() {
        Simulation.run(1, sim -> {
            Actor first = sim.actor("a");
            Actor second = first.restart();
            assertThat(second.name()).isEqualTo("a'2");
            assertThat(second.restart().name()).isEqualTo("a'3");
            assertThat(first.isCrashed()).isTrue();
            assertThatThrownBy(() -> first.environment().wallTime()).isInstanceOf(SimulatedCrash.class);
        });
    }

    @Test
    void wallClock_skewed_isOffWhileTheMonotonicClockIsNot() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            long before = actor.environment().nanoTime();
            actor.setWallClockSkew(Duration.ofHours(-3));
            sim.sleep(Duration.ofSeconds(1));
            assertThat(actor.environment().wallTime()).isEqualTo(sim.now().minus(Duration.ofHours(3)));
            assertThat(actor.environment().nanoTime() - before).isEqualTo(1_000_000_000L);
        });
    }

    @Test
    void random_twoActors_drawDifferently() {
        Simulation.run(1, sim -> assertThat(sim.actor("a").environment().random().nextLong())
                .isNotEqualTo(sim.actor("b").environment().random().nextLong()));
    }
}
