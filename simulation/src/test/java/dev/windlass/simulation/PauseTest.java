package dev.windlass.simulation;

import static dev.windlass.simulation.OneProcess.play;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.PauseState;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queues and types that are paused, and resumed. */
class PauseTest {
    private static final TaskType<String, String> RARE = TaskType.of("rare", String.class, String.class);

    @Test
    void pause_queue_isSeenWithinAPoll_alsoByWhoStartsLater_untilResumed() {
        play((sim, site, queue) -> {
            var ran = new ArrayList<String>();
            Site.of(sim, "w").work((task, input) -> {
                ran.add(input);
                return input;
            });
            site.submit("before").await(Site.LONG);
            sim.sleep(Duration.ofSeconds(30));
            queue.pause("upkeep", "ada");
            sim.sleep(Duration.ofSeconds(6)); // the longest poll is 5 s

            TaskHandle<String> held = site.submit("held");
            TaskHandle<String> urgent = site.submit("urgent", SubmitOptions.ofDefaults().withPriority(0));
            Site.of(sim, "w2").work(Site.ECHOES);
            sim.sleep(Duration.ofMinutes(10));
            assertThat(ran).containsExactly("before");
            assertThat(queue.claim(ClaimOptions.ofDefaults())).isEmpty();
            assertThat(queue.isDrained()).isFalse();
            assertThat(queue.stats().due()).as("markers are no tasks").isEqualTo(2);
            assertThat(site.windlass.queue("other").pauses().isNone()).isTrue();

            assertThat(queue.resume()).isTrue();
            sim.sleep(Duration.ofSeconds(6));
            assertThat(Site.status(sim, held.id())).isEqualTo("COMPLETED");
            assertThat(Site.status(sim, urgent.id())).isEqualTo("COMPLETED");
            assertThat(queue.resume()).isFalse();
            sim.sleep(Duration.ofSeconds(1));
            assertThat(sim.store().keys("ready/")).isEmpty();
        });
    }

    @Test
    void pause_sameProcess_offersAndKeptKeysAreHeldToo() {
        play((sim, site, queue) -> {
            Site at = Site.of(sim, "w");
            at.work((task, input) -> {
                at.actor.environment().sleep(Duration.ofMillis(200));
                return input;
            }, builder -> builder.concurrency(2));
            TaskQueue own = at.windlass.queue(Site.QUEUE);
            for (int i = 0; i < 100; i++) {
                at.submit("task " + i);
            }
            own.pause("", null);
            sim.sleep(Duration.ofSeconds(3));
            List<String> waiting = sim.store().keys("ready/q/").stream().filter(key -> !key.contains(".pause."))
                    .toList();
            assertThat(waiting).isNotEmpty();
            for (int i = 0; i < 20; i++) {
                at.submit("later " + i);
            }
            sim.sleep(Duration.ofMinutes(1));
            assertThat(sim.store().keys("ready/q/")).containsAll(waiting);
            assertThat(sim.store().keys("ready/q/").stream().filter(key -> !key.contains(".pause.")))
                    .hasSize(waiting.size() + 20);
        });
    }

    @Test
    void pauseType_othersGoOn_andItsBacklogIsTakenUpAtOnce() {
        play((sim, site, queue) -> {
            queue.pauseType("rare", "wrong figures", "ada");
            var rare = new ArrayList<String>();
            for (int i = 0; i < 50; i++) {
                rare.add(queue.submit(RARE, "r" + i).id());
            }
            var echoes = new ArrayList<TaskHandle<String>>();
            for (int i = 0; i < 10; i++) {
                echoes.add(site.submit("e" + i));
            }
            Site.of(sim, "w").work(Site.ECHOES, builder -> builder.handle(RARE, (task, input) -> input));
            for (TaskHandle<String> echo : echoes) {
                echo.await(Site.LONG);
            }
            sim.sleep(Duration.ofMinutes(30));
            assertThat(rare).allMatch(id -> Site.status(sim, id).equals("PENDING"));
            assertThat(queue.claim(ClaimOptions.ofDefaults().withType("rare"))).isEmpty();

            PauseState state = queue.pauses();
            assertThat(state.queue()).isNull();
            assertThat(state.isPaused("rare")).isTrue();
            assertThat(state.isPaused("echo")).isFalse();
            assertThat(Objects.requireNonNull(state.types().get("rare")).by()).isEqualTo("ada");
            assertThat(queue.resumeType("rare")).isTrue();
            sim.sleep(Duration.ofSeconds(8));
            assertThat(rare).allMatch(id -> Site.status(sim, id).equals("COMPLETED"));
        });
    }

    @Test
    void pause_costsTenMarkersAndOneWrite_pollsCostAGetMore_resumeOneWrite() {
        play((sim, site, queue) -> {
            site.submit("now").cancel("");
            Site.of(sim, "w").work(Site.ECHOES,
                    builder -> builder.sweeper(false).poll(Duration.ofSeconds(5), Duration.ofSeconds(5)));
            sim.sleep(Duration.ofMinutes(1));
            RequestCounts before = sim.store().counts();
            queue.pause("", null);
            RequestCounts spent = sim.store().counts().minus(before);
            assertThat(spent.put()).isEqualTo(11);
            assertThat(spent.get()).isEqualTo(1);

            sim.sleep(Duration.ofMinutes(1));
            before = sim.store().counts();
            sim.sleep(Duration.ofMinutes(1));
            spent = sim.store().counts().minus(before);
            assertThat(spent.put()).isZero();
            assertThat(spent.get()).isBetween(10L, 13L);
            assertThat(spent.list()).isBetween(10L, 20L);

            before = sim.store().counts();
            queue.resume();
            assertThat(sim.store().counts().minus(before).put()).isOne();
            sim.sleep(Duration.ofMinutes(1));
            before = sim.store().counts();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(sim.store().counts().minus(before).get()).as("it costs nothing any more").isZero();
        });
    }

    @Test
    void pause_thatIsLate_doesNotLandAfterAResume() {
        play((sim, site, queue) -> {
            sim.store().inject(Fault.landsLate(Duration.ofMinutes(1)),
                    request -> request.is(RequestKind.PUT, "meta/pauses/"));
            Site late = Site.of(sim, sim.actor("late"), builder -> builder.patience(Duration.ofSeconds(1)));
            late.actor.start("pauser", () -> late.windlass.queue(Site.QUEUE).pause("late", null));
            sim.sleep(Duration.ofSeconds(1));
            late.actor.crash();
            queue.resume();
            sim.sleep(Duration.ofMinutes(2));
            assertThat(queue.pauses().isNone()).isTrue();
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(site.submit("task").await(Site.LONG)).isEqualTo("echo task");
        });
    }

    @Test
    void marker_ofAPauseThatNeverCame_meansNothing_andGoes() {
        play((sim, site, queue) -> {
            sim.store().plant("ready/q/5/0000000000000.pause.wmjfrwvpj1ghpsky", new byte[0]);
            Site.of(sim, "w").work(Site.ECHOES);
            assertThat(site.submit("task").await(Site.LONG)).isEqualTo("echo task");
            assertThat(queue.isDrained()).isTrue();
            sim.sleep(Duration.ofMinutes(9));
            assertThat(sim.store().keys("ready/")).as("its pause may be on its way").hasSize(1);
            sim.sleep(Duration.ofMinutes(2));
            assertThat(sim.store().keys("ready/")).isEmpty();

            sim.store().plant("ready/nobody/5/0000000000000.pause.wmjfrwvpj1ghpsky", new byte[0]);
            sim.sleep(Duration.ofMinutes(11));
            assertThat(site.windlass.audit(true).findings()).singleElement()
                    .satisfies(finding -> assertThat(finding.kind()).isEqualTo("stale-pause-marker"));
            assertThat(site.windlass.audit(false).findings()).isEmpty();
        });
    }

    /** Whoever asks is told what workers heed: a pause that has not come to them is none. */
    @ParameterizedTest
    @EnumSource(names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void pause_crashesAtAnyRequest_workersHeedItIfItStands(Fault.Kind kind) {
        int[] paused = new int[2];
        boolean[] crashed = {true};
        for (int n = 1; crashed[0]; n++) {
            int number = n;
            play((sim, site, queue) -> {
                site.submit("first").cancel("");
                int[] requests = new int[1];
                sim.store().inject(Fault.of(kind),
                        request -> request.actor().equals("pauser") && ++requests[0] == number);
                Actor pauser = sim.actor("pauser");
                boolean[] done = new boolean[1];
                pauser.start("pauser", () -> {
                    Site.of(sim, pauser).windlass.queue(Site.QUEUE).pause("upkeep", null);
                    done[0] = true;
                });
                sim.runUntil(() -> done[0] || pauser.isCrashed(), Duration.ofMinutes(1));
                crashed[0] = pauser.isCrashed();
                Site.of(sim, "w").work(Site.ECHOES);
                String id = site.submit("task").id();
                sim.sleep(Duration.ofSeconds(30));
                boolean stands = !queue.pauses().isNone();
                paused[stands ? 1 : 0]++;
                assertThat(Site.status(sim, id)).isEqualTo(stands ? "PENDING" : "COMPLETED");
            });
        }
        assertThat(paused[0]).isGreaterThan(10);
        assertThat(paused[1]).isPositive();
    }

    @Test
    void pause_queueAndType_eachStaysUntilItIsResumedItself() {
        play((sim, site, queue) -> {
            queue.pause("upkeep", "ada");
            queue.pauseType("rare", "wrong figures", "eve");
            assertThat(queue.resumeType("rare")).isTrue();
            assertThat(Objects.requireNonNull(queue.pauses().queue()).by()).isEqualTo("ada");
            assertThat(queue.pauses().types()).isEmpty();

            queue.pauseType("rare", "wrong figures", "eve");
            queue.pause("a longer upkeep", null);
            assertThat(Objects.requireNonNull(queue.pauses().queue()).reason()).isEqualTo("a longer upkeep");
            assertThat(queue.resume()).isTrue();
            assertThat(queue.pauses().queue()).isNull();
            assertThat(queue.pauses().types()).containsOnlyKeys("rare");
        });
    }

    /** Its markers may have been taken for those of a pause that never came, so it is done anew. */
    @Test
    void pause_slowerThanTheGracePeriodAllows_isDoneAnew() {
        play((sim, site, queue) -> {
            site.submit("first").cancel("");
            Site slow = Site.of(sim, sim.actor("slow"), builder -> builder.grace(Duration.ofSeconds(20)));
            sim.store().inject(Fault.slow(Duration.ofSeconds(16)),
                    request -> request.is(RequestKind.PUT, "meta/pauses/"));
            RequestCounts before = sim.store().counts("meta/");
            slow.windlass.queue(Site.QUEUE).pause("upkeep", null);
            assertThat(sim.store().counts("meta/").minus(before).put()).isEqualTo(2);
            sim.sleep(Duration.ofSeconds(5));
            String writeId = Site.json(sim.store().peek("meta/pauses/q.json")).path("writeId").asString();
            assertThat(sim.store().keys("ready/q/")).hasSize(10).allMatch(key -> key.endsWith(writeId));
        });
    }

    @Test
    void pause_objectThatCannotBeRead_isNamed_andLeftAsItIs() {
        play((sim, site, queue) -> {
            sim.store().plant("meta/pauses/q.json", Site.bytes("[]"));
            assertThatThrownBy(() -> queue.pause("", null)).isInstanceOf(WindlassException.class)
                    .hasMessageContaining("meta/pauses/q.json is nothing that this version can read");
            assertThatThrownBy(queue::resume).isInstanceOf(WindlassException.class);
            assertThat(Site.json(sim.store().peek("meta/pauses/q.json")).isArray()).isTrue();
            assertThat(sim.store().keys("ready/")).isEmpty();
        });
    }

    @Test
    void pause_badNames_areRefused() {
        play((sim, site, queue) -> {
            assertThatThrownBy(() -> queue.pauseType("", "", null)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> queue.resumeType("x".repeat(201))).isInstanceOf(InvalidInputException.class);
            assertThat(sim.store().counts().put()).isZero();
        });
    }
}
