package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.windlass.environment.Strand;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreException;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedStoreTest {
    private static final int ACTORS = 3;
    private static final int ROUNDS = 5;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Simulation sim, String key) {
        StoredObject object = sim.store().peek(key);
        return object == null ? "nothing" : new String(object.body(), StandardCharsets.UTF_8);
    }

    @Test
    void put_counterByGetAndPutWithoutCondition_losesWithinFewSeeds() {
        int lost = 0;
        for (long seed = 0; seed < 10; seed++) {
            lost += countUp(seed, false, FaultMix.none()) < ACTORS * ROUNDS ? 1 : 0;
        }
        assertThat(lost).isGreaterThan(5);
    }

    @Test
    void put_counterByCompareAndSwap_neverLoses() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(countUp(seed, true, FaultMix.none())).as("seed %d", seed).isEqualTo(ACTORS * ROUNDS);
        }
    }

    @Test
    void put_compareAndSwapTakenAtItsWordUnderFaults_miscountsOnSomeSeed() {
        int wrong = 0;
        for (long seed = 0; seed < 50; seed++) {
            wrong += countUp(seed, true, FaultMix.each(0.05)) == ACTORS * ROUNDS ? 0 : 1;
        }
        assertThat(wrong).isGreaterThan(10);
    }

    private static int countUp(long seed, boolean conditional, FaultMix faults) {
        int[] value = new int[1];
        Simulation.run(seed, SimulationOptions.defaults().withFaults(faults), sim -> {
            sim.store().plant("count", bytes("0"));
            List<Strand> strands = new ArrayList<>();
            for (int i = 0; i < ACTORS; i++) {
                Actor actor = sim.actor("a" + i);
                strands.add(actor.start(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        while (!increment(actor.store(), conditional)) {
                            actor.environment().sleep(Duration.ofMillis(1));
                        }
                    }
                }));
            }
            for (Strand strand : strands) {
                strand.join();
            }
            value[0] = Integer.parseInt(text(sim, "count"));
        });
        return value[0];
    }

    private static boolean increment(ObjectStore store, boolean conditional) {
        try {
            StoredObject object = Objects.requireNonNull(store.get("count").object());
            int value = Integer.parseInt(new String(object.body(), StandardCharsets.UTF_8));
            Precondition precondition = conditional ? Precondition.ifMatch(object.etag()) : Precondition.none();
            return store.put("count", bytes(String.valueOf(value + 1)), precondition) instanceof PutResult.Applied;
        } catch (StoreException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"LOST_BEFORE", "LOST_AFTER", "UNAVAILABLE_503"})
    void put_answerLost_isUnknownAndLandsOrNot(Fault.Kind kind) {
        Simulation.run(1, sim -> {
            sim.store().inject(Fault.of(kind), request -> request.is(RequestKind.PUT, "k"));
            PutResult result = sim.driver().store().put("k", bytes("x"), Precondition.ifAbsent());

            assertThat(result).isInstanceOf(PutResult.Unknown.class);
            assertThat(sim.store().injectedAll()).isTrue();
            sim.sleep(Duration.ofHours(1));
            assertThat(text(sim, "k")).isEqualTo(kind == Fault.Kind.LOST_AFTER ? "x" : "nothing");
        });
    }

    @Test
    void put_landsLate_landsAfterTheClientGaveUp() {
        Simulation.run(1, sim -> {
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(2)), request -> true);
            assertThat(sim.driver().store().put("k", bytes("x"), Precondition.ifAbsent()))
                    .isInstanceOf(PutResult.Unknown.class);
            Duration gaveUp = sim.elapsed();
            assertThat(text(sim, "k")).isEqualTo("nothing");

            sim.runUntil(() -> sim.store().peek("k") != null, Duration.ofMinutes(5));
            assertThat(sim.elapsed().minus(gaveUp)).isEqualTo(Duration.ofMinutes(2));
        });
    }

    @Test
    void put_lurks_landsJustAfterOthersHaveRead() {
        Simulation.run(1, sim -> {
            Actor other = sim.actor("a");
            sim.store().inject(Fault.lurks(Duration.ofHours(1)), request -> request.is(RequestKind.PUT, "k"));
            assertThat(sim.driver().store().put("k", bytes("x"), Precondition.ifAbsent()))
                    .isInstanceOf(PutResult.Unknown.class);
            for (int i = 0; i < 5; i++) {
                sim.driver().store().get("k");
            }
            assertThat(text(sim, "k")).as("read by its sender alone").isEqualTo("nothing");
            var answers = new ArrayList<Boolean>();
            other.start(() -> {
                for (int i = 0; i < 4; i++) {
                    answers.add(other.store().get("k").object() == null);
                }
            }).join();
            assertThat(answers).startsWith(true).endsWith(false);
        });
    }

    @Test
    void put_lurksAndNobodyReads_landsOnceAtTheEndOfItsTime() {
        Simulation.run(1, sim -> {
            var changes = new ArrayList<String>();
            sim.store().onChange(changes::add);
            sim.store().inject(Fault.lurks(Duration.ofMinutes(2)), request -> true);
            sim.driver().store().put("k", bytes("x"), Precondition.none());
            sim.sleep(Duration.ofMinutes(1));
            assertThat(changes).isEmpty();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(changes).containsExactly("k");
            sim.driver().store().get("k");
            sim.sleep(Duration.ofHours(1));
            assertThat(changes).containsExactly("k");
        });
    }

    @Test
    void put_landsLateWithAConditionThatNoLongerHolds_hasNoEffect() {
        Simulation.run(1, sim -> {
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(2)), request -> true);
            sim.driver().store().put("k", bytes("late"), Precondition.ifAbsent());
            sim.driver().store().put("k", bytes("fence"), Precondition.ifAbsent());
            sim.sleep(Duration.ofHours(1));
            assertThat(text(sim, "k")).isEqualTo("fence");
        });
    }

    @Test
    void put_landsLate_landsThoughTheProcessHasCrashed() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(2)), request -> true);
            actor.start(() -> actor.store().put("k", bytes("x"), Precondition.none()));
            sim.sleep(Duration.ofSeconds(1));
            actor.crash();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(text(sim, "k")).isEqualTo("nothing");
            sim.sleep(Duration.ofMinutes(5));
            assertThat(text(sim, "k")).isEqualTo("x");
        });
    }

    @Test
    void put_false412_landedButSaysConflict() {
        Simulation.run(1, sim -> {
            sim.store().inject(Fault.of(Fault.Kind.FALSE_412), request -> true);
            assertThat(sim.driver().store().put("k", bytes("x"), Precondition.ifAbsent()))
                    .isInstanceOf(PutResult.Conflict.class);
            assertThat(text(sim, "k")).isEqualTo("x");
        });
    }

    @Test
    void put_500_landsOnSomeSeedsOnly() {
        int landed = 0;
        for (long seed = 0; seed < 20; seed++) {
            boolean[] there = new boolean[1];
            Simulation.run(seed, sim -> {
                sim.store().inject(Fault.of(Fault.Kind.ERROR_500), request -> true);
                assertThat(sim.driver().store().put("k", bytes("x"), Precondition.ifAbsent()))
                        .isInstanceOf(PutResult.Unknown.class);
                there[0] = sim.store().peek("k") != null;
            });
            landed += there[0] ? 1 : 0;
        }
        assertThat(landed).isBetween(1, 19);
    }

    @Test
    void put_slow_takesItsTime() {
        Simulation.run(1, sim -> {
            sim.store().inject(Fault.slow(Duration.ofSeconds(8)), request -> true);
            assertThat(sim.driver().store().put("k", bytes("x"), Precondition.none()))
                    .isInstanceOf(PutResult.Applied.class);
            assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(8));
        });
    }

    @Test
    void read_storeIsDown_isUnavailableUntilItIsUp() {
        Simulation.run(1, sim -> {
            ObjectStore store = sim.driver().store();
            sim.store().setDown(true);
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("503");
            assertThatThrownBy(() -> store.list("", null, 10)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> store.delete("k")).isInstanceOf(StoreUnavailableException.class);
            sim.store().setDown(false);
            assertThat(store.get("k").object()).isNull();
        });
    }

    @Test
    void put_ifMatchOnAMissingKey_isConflict() {
        Simulation.run(1, sim -> assertThat(
                sim.driver().store().put("k", bytes("x"), Precondition.ifMatch("e")))
                .isInstanceOf(PutResult.Conflict.class));
    }

    @Test
    void put_sameBytes_hasTheSameEtagOnlyWhereEtagsAreOfTheContent() {
        for (boolean content : new boolean[]{true, false}) {
            Simulation.run(1, SimulationOptions.defaults().withStore(StoreOptions.defaults().withContentEtags(content)),
                    sim -> {
                        ObjectStore store = sim.driver().store();
                        PutResult.Applied first = (PutResult.Applied) store.put("k", bytes("x"), Precondition.none());
                        store.put("k", bytes("y"), Precondition.none());
                        PutResult.Applied third = (PutResult.Applied) store.put("k", bytes("x"), Precondition.none());
                        assertThat(first.etag().equals(third.etag())).isEqualTo(content);
                    });
        }
    }

    @Test
    void delete_withEtag_deletesThatVersionOnly() {
        Simulation.run(1, sim -> {
            ObjectStore store = sim.driver().store();
            PutResult.Applied written = (PutResult.Applied) store.put("k", bytes("x"), Precondition.none());
            assertThat(store.delete("k", "other")).isFalse();
            assertThat(store.delete("k", written.etag())).isTrue();
            assertThat(store.delete("k", written.etag())).isFalse();
        });
    }

    @Test
    void delete_withEtagWhereThereIsNoSuchThing_isUnsupported() {
        Simulation.run(1, SimulationOptions.defaults().withStore(StoreOptions.defaults().withConditionalDelete(false)),
                sim -> {
                    assertThat(sim.driver().store().capabilities().conditionalDelete()).isFalse();
                    assertThatThrownBy(() -> sim.driver().store().delete("k", "e"))
                            .isInstanceOf(UnsupportedOperationException.class);
                });
    }

    @Test
    void list_pages_readTheWholePrefixInOrder() {
        assertThat(listAll(StoreOptions.defaults().withPages(4, 0.5))).hasSize(25).isSorted();
    }

    @Test
    void list_unorderedPages_readTheWholePrefixInNoOrder() {
        List<String> keys = listAll(StoreOptions.defaults().withOrderedList(false).withPages(4, 0.5));
        assertThat(keys).hasSize(25).doesNotHaveDuplicates().isNotEqualTo(keys.stream().sorted().toList());
    }

    private static List<String> listAll(StoreOptions options) {
        List<String> keys = new ArrayList<>();
        Simulation.run(1, SimulationOptions.defaults().withStore(options), sim -> {
            sim.store().plant("o/before", bytes(""));
            sim.store().plant("q/behind", bytes(""));
            for (int i = 0; i < 25; i++) {
                sim.store().plant("p/" + i, bytes(""));
            }
            ListPage page = sim.driver().store().list("p/", null, 10);
            page.entries().forEach(entry -> keys.add(entry.key()));
            while (page.more()) {
                page = sim.driver().store().list("p/", keys.getLast(), 10);
                page.entries().forEach(entry -> keys.add(entry.key()));
            }
        });
        return keys;
    }

    @Test
    void listNames_nestedKeys_namesOfThatLevelOnly() {
        Simulation.run(1, sim -> {
            for (String key : List.of("p/a/1", "p/a/2/x", "p/a-b/1", "p/c", "p/d/1", "q/z/1")) {
                sim.store().plant(key, bytes(""));
            }
            ObjectStore store = sim.driver().store();
            assertThat(store.listNames("p/", null, 10).names()).containsExactly("a", "a-b", "d");
            assertThat(store.listNames("p/", "a", 10).names()).containsExactly("a-b", "d");
            NamesPage first = store.listNames("", null, 1);
            assertThat(first.names()).containsExactly("p");
            assertThat(first.more()).isTrue();
        });
    }

    @Test
    void storeTime_everyAnswer_isNeverLateAndEarlyByTheStatedUncertaintyAtMost() {
        for (StoreOptions options : List.of(StoreOptions.defaults(),
                StoreOptions.defaults().withTime(Duration.ofMillis(1), Duration.ZERO))) {
            Simulation.run(1, SimulationOptions.defaults().withStore(options), sim -> {
                ObjectStore store = sim.driver().store();
                Duration uncertainty = store.capabilities().timeUncertainty();
                for (int i = 0; i < 200; i++) {
                    Instant before = sim.now();
                    Instant said = Objects.requireNonNull(store.get("k").storeTime());
                    assertThat(said).isBetween(before.minus(uncertainty), sim.now());
                    sim.sleep(Duration.ofMillis(sim.random().nextInt(700)));
                }
            });
        }
    }

    @Test
    void lastModified_wholeSeconds_isCut() {
        Simulation.run(1, sim -> {
            sim.sleep(Duration.ofMillis(2_700));
            sim.store().plant("k", bytes("x"));
            assertThat(Objects.requireNonNull(sim.store().peek("k")).lastModified())
                    .isEqualTo(sim.now().minusMillis(700));
        });
    }

    @Test
    void counts_perActorAndKind_areExact() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            actor.start(() -> {
                actor.store().put("k", bytes("x"), Precondition.none());
                actor.store().put("k", bytes("y"), Precondition.none());
                actor.store().get("k");
                actor.store().list("", null, 5);
                actor.store().listNames("", null, 5);
                actor.store().delete("k");
            }).join();
            sim.driver().store().get("k");
            assertThat(sim.store().counts(actor)).isEqualTo(new RequestCounts(2, 1, 2, 1, 0, 0));
            assertThat(sim.store().counts()).isEqualTo(new RequestCounts(2, 2, 2, 1, 0, 0));
            assertThat(sim.store().counts().minus(sim.store().counts(actor)))
                    .isEqualTo(new RequestCounts(0, 1, 0, 0, 0, 0));
        });
    }

    @Test
    void onChange_checkFails_failsTheSimulation() {
        assertThatThrownBy(() -> Simulation.run(4, sim -> {
            sim.store().onChange(key -> assertThat(key).as("INV-1").isNotEqualTo("bad"));
            sim.driver().store().put("good", bytes("x"), Precondition.none());
            sim.driver().store().put("bad", bytes("x"), Precondition.none());
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("INV-1").hasMessageContaining("seed 4")
                .hasMessageContaining("PUT bad: is");
    }

    @Test
    void put_keyThatIsADirectory_failsTheSimulation() {
        assertThatThrownBy(() -> Simulation.run(4, sim -> {
            sim.driver().store().put("a/b", bytes("x"), Precondition.none());
            sim.driver().store().put("a", bytes("x"), Precondition.none());
        })).isInstanceOf(SimulationFailure.class).hasMessageContaining("a key is never a directory of another");
    }

    @Test
    void put_badKey_isRefused() {
        Simulation.run(1, sim -> {
            for (String key : List.of("", "a//b", "/a", "a/", "a/../b", "a/./b", "ä", "a\nb", "x".repeat(256))) {
                assertThatThrownBy(() -> sim.driver().store().get(key)).isInstanceOf(IllegalArgumentException.class);
            }
        });
    }

    @Test
    void put_interrupted_isUnknownWithTheFlagSet() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("a");
            sim.store().inject(Fault.slow(Duration.ofSeconds(9)), request -> true);
            List<String> seen = new ArrayList<>();
            Strand strand = actor.start(() -> {
                PutResult result = actor.store().put("k", bytes("x"), Precondition.none());
                seen.add(result.getClass().getSimpleName() + " " + Thread.currentThread().isInterrupted());
                assertThatThrownBy(() -> actor.store().get("k")).isInstanceOf(StoreUnavailableException.class);
                seen.add("still " + Thread.interrupted());
            });
            sim.sleep(Duration.ofMillis(1));
            strand.interrupt();
            strand.join();
            assertThat(seen).containsExactly("Unknown true", "still true");
            assertThat(sim.elapsed()).isEqualTo(Duration.ofMillis(1));
        });
    }
}
