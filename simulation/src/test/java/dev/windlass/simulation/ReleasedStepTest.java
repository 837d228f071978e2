package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.spi.ReleaseRequest;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of steps that are called off, since what runs them ends, and nothing is wrong with them. */
class ReleasedStepTest {
    private static final StepOptions ONCE = StepOptions.retry(RetryPolicy.none());
    private static final Duration LONG = Duration.ofMinutes(2);

    private final List<Integer> tries = new ArrayList<>();
    private final List<WorkflowListener.TryOutcome> told = new ArrayList<>();

    private String body(StepContext step) {
        tries.add(step.attempt());
        if (tries.size() == 1) {
            throw new ReleaseRequest("the runtime of the body ends");
        }
        return "done";
    }

    private void work(Site at, Workflows workflows) {
        workflows.worker(at.windlass.worker().id("w"), WorkerOptions.ofDefaults().withListener(new WorkflowListener() {
            @Override
            public void stepTried(StepTried step) {
                told.add(step.outcome());
            }
        })).start();
    }

    private void requireOneTry() {
        assertThat(tries).containsExactly(1, 1);
        assertThat(told).containsExactly(WorkflowListener.TryOutcome.STOPPED, WorkflowListener.TryOutcome.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "FLEET"})
    void step_ofAGraph_runsAgainAndThatCountsAsNoTry(Placement where) {
        Simulation.run(1, sim -> {
            Site at = Site.of(sim, "w");
            StepHandler handler = (step, input, parents) -> body(step);
            Workflows workflows = Workflows.on(at.windlass.engine()).stepType("k", handler);
            work(at, workflows);
            DagDefinition graph = DagDefinition.builder("g").step(
                    DagStep.of("a", "k", null, List.of()).withOptions(ONCE.withPlacement(where))).build();

            assertThat(workflows.start(graph, "g").await(LONG)).hasToString("{a=\"done\"}");
            requireOneTry();
        });
    }

    @Test
    void step_ofAFunction_runsAgainAndThatCountsAsNoTry() {
        Simulation.run(1, sim -> {
            Site at = Site.of(sim, "w");
            var type = WorkflowType.of("f", String.class, String.class);
            Workflows workflows = Workflows.on(at.windlass.engine()).workflow(type,
                    (ctx, input) -> ctx.step("a", String.class, ONCE, this::body));
            work(at, workflows);

            assertThat(workflows.start(type, "f", "x").await(LONG)).isEqualTo("done");
            requireOneTry();
        });
    }
}
