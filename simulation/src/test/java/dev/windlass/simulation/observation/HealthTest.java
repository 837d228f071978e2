package dev.windlass.simulation.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.Worker;
import dev.windlass.queue.WorkerHealth;
import dev.windlass.simulation.Fault;
import dev.windlass.simulation.RequestKind;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.SimulationOptions;
import dev.windlass.simulation.StoreOptions;
import dev.windlass.simulation.workload.Site;
import org.junit.jupiter.api.Test;

/** What a worker says of its health, over the hours; the probes of the command stand on it. */
class HealthTest {
    /** What {@code /live} allows at least. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Asks a worker once a second, from now on. */
    private static List<WorkerHealth> watch(Site at, Worker worker) {
        var said = new ArrayList<WorkerHealth>();
        at.actor.start(() -> {
            while (true) {
                said.add(worker.health());
                at.actor.environment().sleep(Duration.ofSeconds(1));
            }
        });
        return said;
    }

    private static Duration latest(List<WorkerHealth> said) {
        return said.stream().map(WorkerHealth::late).max(Duration::compareTo).orElseThrow();
    }

    @Test
    void health_idleForHours_isWellAndHearsFromTheStore() {
        Simulation.run(1, sim -> {
            Site at = Site.of(sim, "w");
            List<WorkerHealth> said = watch(at, at.work(Site.ECHOES));
            sim.sleep(Duration.ofHours(2));
            assertThat(said).hasSizeGreaterThan(7000).allMatch(WorkerHealth::running)
                    .allMatch(WorkerHealth::isLeaseFit).allMatch(one -> !one.holdsLease());
            assertThat(latest(said)).isLessThan(Duration.ofSeconds(2));
            assertThat(said).allMatch(one -> one.sinceAnswer().compareTo(Duration.ofSeconds(15)) < 0);
        });
    }

    @Test
    void health_allSlotsTakenForHours_isWell() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work(at.sleeper(Duration.ofHours(3)), builder -> builder.concurrency(1));
            TaskHandle<String> task = site.submit("a", Troubles.PATIENT);
            Troubles.until(sim, task, "RUNNING");
            sim.sleep(Duration.ofSeconds(1)); // the worker knows
            List<WorkerHealth> said = watch(at, worker);
            sim.sleep(Duration.ofHours(2));
            assertThat(said).allMatch(WorkerHealth::holdsLease).allMatch(one -> one.attempts() == 1);
            assertThat(latest(said)).isLessThan(Duration.ofSeconds(2));
        });
    }

    /** Its own long waits are no lateness. */
    @Test
    void health_pollsSeldom_isWell() {
        Simulation.run(1, sim -> {
            Site at = Site.of(sim, "w");
            List<WorkerHealth> said = watch(at, at.work(Site.ECHOES, builder -> builder
                    .poll(Duration.ofMinutes(1), Duration.ofMinutes(30))
                    .lease(Duration.ofHours(1), Duration.ofMinutes(20))));
            sim.sleep(Duration.ofHours(5));
            assertThat(latest(said)).isLessThan(Duration.ofSeconds(2));
        });
    }

    /** To restart a worker since the store is away helps nobody. */
    @Test
    void health_storeAwayForAnHour_isSilentButNeverSoLateThatItWouldBeKilled() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work((task, input) -> {
                long end = at.actor.environment().nanoTime() + Duration.ofMinutes(30).toNanos();
                while (at.actor.environment().nanoTime() < end) {
                    try {
                        at.actor.environment().sleep(Duration.ofMinutes(1));
                    } catch (InterruptedException e) {
                        // goes on
                    }
                }
                return "";
            });
            Troubles.until(sim, site.submit("a", Troubles.PATIENT), "RUNNING");
            sim.sleep(Duration.ofSeconds(1)); // the worker knows
            sim.store().setDown(true);
            List<WorkerHealth> said = watch(at, worker);
            sim.sleep(Duration.ofHours(1));
            assertThat(latest(said)).isLessThan(PATIENCE);
            assertThat(said.getLast().sinceAnswer()).isGreaterThan(Duration.ofMinutes(59));
            assertThat(said).anyMatch(one -> !one.isLeaseFit()); // it gave its lease up, and its handler went on
            assertThat(said.getLast().isLeaseFit()).isTrue(); // the handler has returned
            sim.store().setDown(false);
            sim.sleep(Duration.ofMinutes(1));
            assertThat(said.getLast().sinceAnswer()).isLessThan(Duration.ofSeconds(10));
            assertThat(said.getLast().isLeaseFit()).isTrue();
        });
    }

    @Test
    void health_pollerHangs_isLate() {
        SimulationOptions patient = SimulationOptions.defaults()
                .withStore(StoreOptions.defaults().withRequestTimeout(Duration.ofHours(2)));
        Simulation.run(1, patient, sim -> {
            Site at = Site.of(sim, "w");
            Worker worker = at.work(Site.ECHOES);
            sim.sleep(Duration.ofSeconds(30));
            sim.store().inject(Fault.slow(Duration.ofHours(1)), request -> request.is(RequestKind.LIST, "ready/"));
            List<WorkerHealth> said = watch(at, worker);
            sim.sleep(Duration.ofMinutes(30));
            assertThat(said.getLast().latestLoop()).isEqualTo("the poller of q");
            assertThat(said.getLast().late()).isGreaterThan(Duration.ofMinutes(29));
        });
    }

    @Test
    void health_drains_doesNotRunAndIsNotLate() {
        Simulation.run(1, sim -> {
            Site site = Site.of(sim, "p");
            Site at = Site.of(sim, "w");
            Worker worker = at.work(at.sleeper(Duration.ofMinutes(20)));
            Troubles.until(sim, site.submit("a", Troubles.PATIENT), "RUNNING");
            sim.sleep(Duration.ofSeconds(1)); // the worker knows
            var ended = new AtomicReference<Boolean>();
            at.actor.start(() -> ended.set(worker.drain(Duration.ofHours(1))));
            sim.sleep(Duration.ofSeconds(1));
            List<WorkerHealth> said = watch(at, worker);
            sim.sleep(Duration.ofMinutes(15));
            assertThat(said).noneMatch(WorkerHealth::running).allMatch(WorkerHealth::holdsLease);
            assertThat(latest(said)).isLessThan(Duration.ofSeconds(5));
            sim.runUntil(() -> ended.get() != null, Duration.ofMinutes(10));
            assertThat(ended.get()).isTrue();
        });
    }
}
