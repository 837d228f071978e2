package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import dev.windlass.doctor.Doctor;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import dev.windlass.store.StoreException;
import org.junit.jupiter.api.Test;

/** What a worker asks of a store before it starts: docs/protocol.md, 5.8. */
class StartCheckTest {
    private static final RequestCounts LOOK = new RequestCounts(7, 1, 0, 1, 0, 0);

    private static Site site(Simulation sim, Actor actor) {
        return Site.of(sim, actor, builder -> builder.startCheck(true));
    }

    private static void startAndStop(Site site) {
        try (Worker worker = site.work(Site.ECHOES)) {
            assertThat(worker.isRunning()).isTrue();
        }
    }

    @Test
    void start_freshStore_looksOnceAndMarksIt() {
        Simulation.run(1, sim -> {
            Site site = site(sim, sim.actor("w"));
            RequestCounts connected = sim.store().counts("meta/");

            startAndStop(site);

            assertThat(sim.store().counts("doctor/")).isEqualTo(LOOK);
            assertThat(LOOK.billed()).isEqualTo(Doctor.GLANCE_REQUESTS);
            // the mark that is not there; then what the store is, and the mark
            assertThat(sim.store().counts("meta/").minus(connected)).isEqualTo(new RequestCounts(2, 1, 0, 0, 0, 0));
            assertThat(sim.store().keys("meta/")).hasSize(2).contains("meta/store.json");
            assertThat(sim.store().keys("doctor/")).isEmpty();
        });
    }

    @Test
    void start_secondWorkerOfAConnection_asksNothing() {
        Simulation.run(1, sim -> {
            Site site = site(sim, sim.actor("w"));
            startAndStop(site);
            RequestCounts before = sim.store().counts("meta/");

            startAndStop(site);

            assertThat(sim.store().counts("meta/")).isEqualTo(before);
            assertThat(sim.store().counts("doctor/")).isEqualTo(LOOK);
        });
    }

    @Test
    void start_anotherConnection_readsTheMarkForADay() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("w");
            startAndStop(site(sim, actor));
            sim.sleep(Duration.ofHours(23));
            Site second = site(sim, actor);
            RequestCounts before = sim.store().counts("meta/");

            startAndStop(second);

            assertThat(sim.store().counts("meta/").minus(before)).isEqualTo(new RequestCounts(0, 1, 0, 0, 0, 0));
            assertThat(sim.store().counts("doctor/")).isEqualTo(LOOK);

            sim.sleep(Duration.ofHours(2));
            startAndStop(site(sim, actor));

            assertThat(sim.store().counts("doctor/")).isEqualTo(LOOK.plus(LOOK));
        });
    }

    @Test
    void start_markOfAnotherPlaceOrAnEarlierLook_doesNotCount() {
        for (String mark : List.of("{\"level\":1,\"location\":\"s3://elsewhere\",\"at\":1}",
                "{\"level\":0,\"location\":\"sim://w\",\"at\":1}", "{\"level\":1}", "no JSON")) {
            Simulation.run(1, sim -> {
                Actor actor = sim.actor("w");
                startAndStop(site(sim, actor));
                String key = sim.store().keys("meta/checked-").getFirst();
                sim.store().plant(key, Site.bytes(mark));

                startAndStop(site(sim, actor));

                assertThat(sim.store().counts("doctor/")).as(mark).isEqualTo(LOOK.plus(LOOK));
            });
        }
    }

    @Test
    void start_markOfALaterVersion_counts() {
        Simulation.run(1, sim -> {
            Actor actor = sim.actor("w");
            startAndStop(site(sim, actor));
            sim.store().plant(sim.store().keys("meta/checked-").getFirst(),
                    Site.bytes("{\"level\":7,\"location\":\"sim://w\",\"more\":true}"));

            startAndStop(site(sim, actor));

            assertThat(sim.store().counts("doctor/")).isEqualTo(LOOK);
        });
    }

    /** Whatever becomes of single requests, an honest store is not refused; one that was not seen whole is not marked. */
    @Test
    void start_honestStoreWithFaults_isNeverRefused() {
        int[] marked = new int[1];
        int[] unmarked = new int[1];
        for (int seed = 1; seed <= 400; seed++) {
            boolean contentEtags = seed % 2 == 0;
            boolean often = seed % 4 < 2;
            var options = SimulationOptions.defaults().withStore(StoreOptions.defaults()
                    .withContentEtags(contentEtags).withMaxLateness(Duration.ofSeconds(90)));
            Simulation.run(seed, options, sim -> {
                Site site = site(sim, sim.actor("w"));
                sim.store().setFaults(FaultMix.each(often ? 0.04 : 0.01));
                try (Worker worker = site.work(Site.ECHOES)) {
                    int count = sim.store().keys("meta/checked-").size();
                    marked[0] += count;
                    unmarked[0] += 1 - count;
                    sim.store().endFaults();
                    TaskHandle<String> handle = site.submit("task");
                    handle.await(Site.LONG);
                } catch (StoreException e) {
                    // A start may fail when the store does not answer, or refuses what the worker needs.
                    assertThat(e).hasMessageNotContaining("not fit for tasks");
                }
                sim.store().endFaults();
                sim.sleep(Duration.ofMinutes(5));
            });
        }
        assertThat(marked[0]).isGreaterThan(20);
        assertThat(unmarked[0]).isGreaterThan(20);
    }
}
