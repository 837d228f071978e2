package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;

/** A wide stage of steps that sleep, on a bucket that scales: what a fleet makes of it. */
class WideStageTest {
    private static final int WIDTH = 3_000;
    private static final Duration STEP = Duration.ofMillis(100);
    private static final SimulationOptions FAR = SimulationOptions.defaults().withTraceLimit(100)
            .withMaxSteps(20_000_000).withStore(StoreOptions.defaults().withTime(Duration.ofMillis(1), Duration.ZERO)
                    .withLatency(Duration.ofMillis(20), Duration.ofMillis(40)));

    private static DagDefinition wide() {
        DagDefinition.Builder builder = DagDefinition.builder("wide");
        for (int i = 0; i < WIDTH; i++) {
            builder.step("s" + i, "sleep", null);
        }
        return builder.build();
    }

    private static Workflows workflows(Site at) {
        return Workflows.on(at.windlass.engine()).stepType("sleep", (step, input, parents) -> {
            at.actor.environment().sleep(STEP);
            return 1;
        });
    }

    /** Until all is done, with so many workers as they are by default. */
    private static Duration took(int workers) {
        var took = new ArrayList<Duration>();
        Simulation.run(1, FAR, sim -> {
            for (int i = 0; i < workers; i++) {
                Site at = Site.of(sim, "w" + i);
                workflows(at).worker(at.windlass.worker().id(at.actor.name())).start();
            }
            sim.sleep(Duration.ofSeconds(5));
            Duration begun = sim.elapsed();
            workflows(Site.of(sim, "client")).start(wide(), "wide");
            sim.runUntil(() -> Site.json(sim.store().peek("workflow/wide/state.json")).path("status").asString("")
                    .equals("COMPLETED"), Duration.ofMinutes(5));
            took.add(sim.elapsed().minus(begun));
        });
        return took.getFirst();
    }

    @Test
    void wide_moreWorkers_takesThatMuchLess() {
        List<Duration> took = List.of(took(1), took(2), took(4));

        System.out.println("3,000 steps of 100 ms by 1, 2 and 4 workers, 20 to 40 ms from the store: " + took);
        assertThat(took.get(1)).isLessThan(took.get(0).multipliedBy(7).dividedBy(10));
        assertThat(took.get(2)).isLessThan(took.get(0).multipliedBy(5).dividedBy(10));
    }
}
