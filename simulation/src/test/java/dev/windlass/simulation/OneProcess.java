package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import dev.windlass.queue.ClaimOptions;
import dev.windlass.queue.ClaimedTask;
import dev.windlass.queue.TaskQueue;
import dev.windlass.simulation.check.QueueChecks;
import dev.windlass.simulation.workload.Site;

/** What tests with one process begin with: a store that always takes as long, and tells the time to the millisecond. */
final class OneProcess {
    /** Such a store. */
    static final SimulationOptions STEADY = SimulationOptions.defaults()
            .withStore(StoreOptions.defaults().withLatency(Duration.ofMillis(20), Duration.ofMillis(20))
                    .withTime(Duration.ofMillis(1), Duration.ZERO));

    private OneProcess() {
    }

    /** A test. */
    interface Body {
        void run(Simulation sim, Site site, TaskQueue queue) throws InterruptedException;
    }

    /** Runs a test. */
    static void play(Body body) {
        Simulation.run(1, STEADY, sim -> {
            Site site = Site.of(sim, "p");
            body.run(sim, site, site.windlass.queue(Site.QUEUE));
        });
    }

    /** Runs a test in which every write is checked, too. */
    static void playWatched(Body body) {
        play((sim, site, queue) -> {
            QueueChecks.watch(sim, Duration.ZERO, false);
            body.run(sim, site, queue);
        });
    }

    /** Claims the one task that there is. */
    static ClaimedTask claimOne(TaskQueue queue, ClaimOptions options) {
        List<ClaimedTask> claimed = queue.claim(options);
        assertThat(claimed).hasSize(1);
        return claimed.getFirst();
    }
}
