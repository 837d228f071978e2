package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.FunctionHandle;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.junit.jupiter.api.Test;

/**
 * A step elsewhere whose failure has paused its run, which is resumed before the step's task has ended: the failure is not
 * recorded, and the step is sent out again all the same.
 */
class FailureThatPausesTest {
    private static final StepType<String, String> PAY = StepType.of("pay", String.class, String.class);
    private static final StepOptions PAUSES = StepOptions.retry(RetryPolicy.none()).withOnFailure(OnFailure.PAUSE)
            .withPlacement(Placement.FLEET);
    /** Less than it takes until a parked run looks again by itself. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> tried = new ArrayList<>();

    private Workflows helper(Site at) {
        return Workflows.on(at.windlass.engine()).stepType(PAY, (step, input) -> {
            tried.add(step.name());
            if (tried.size() == 1) {
                throw new IllegalStateException("bank is closed");
            }
            return "paid";
        });
    }

    /** As soon as the pause is known the helper stops, before it has ended the task, until the run has been resumed. */
    private static void resumeAtOnce(Simulation sim, Site helper, Workflows client) {
        boolean[] done = {false};
        sim.store().onChange(key -> {
            if (!done[0] && key.equals("workflow/w/state.json")
                    && Site.json(sim.store().peek(key)).path("status").asString("").equals("PAUSED")) {
                done[0] = true;
                helper.actor.pause();
                sim.driver().start("user", () -> {
                    sim.sleep(Duration.ofMillis(200));
                    client.handle("w").resume();
                    sim.sleep(Duration.ofSeconds(4));
                    helper.actor.resume();
                });
            }
        });
    }

    private static void work(Site at, Workflows workflows) {
        workflows.worker(at.windlass.worker().id(at.actor.name()),
                WorkerOptions.ofDefaults().withParkAfter(Duration.ofMillis(50))).start();
    }

    @Test
    void resume_callOfAFunction_beforeItsTaskHasEnded_isSentAnew() {
        for (long seed = 1; seed <= 10; seed++) {
            tried.clear();
            Simulation.run(seed, sim -> {
                Site owner = Site.of(sim, "o");
                Site helper = Site.of(sim, "h");
                var type = WorkflowType.of("f", String.class, String.class);
                Workflows workflows = Workflows.on(owner.windlass.engine()).workflow(type,
                        (ctx, input) -> ctx.callAsync(PAY, input, PAUSES).get());
                work(owner, workflows);
                resumeAtOnce(sim, helper, Workflows.on(Site.of(sim, "u").windlass.engine()));
                FunctionHandle<String> handle = workflows.start(type, "w", "x");
                sim.sleep(Duration.ofSeconds(1)); // the run is not the helper's
                work(helper, helper(helper));

                assertThat(handle.await(SOON)).isEqualTo("paid");
                assertThat(tried).hasSize(2);
            });
        }
    }

    @Test
    void resume_stepOfAGraph_beforeItsTaskHasEnded_isSentAnew() {
        for (long seed = 1; seed <= 10; seed++) {
            tried.clear();
            Simulation.run(seed, sim -> {
                Site owner = Site.of(sim, "o");
                Site helper = Site.of(sim, "h");
                Workflows workflows = Workflows.on(owner.windlass.engine()).stepType("other",
                        (step, input, parents) -> 1);
                work(owner, workflows);
                resumeAtOnce(sim, helper, Workflows.on(Site.of(sim, "u").windlass.engine()));
                DagDefinition graph = DagDefinition.builder("g").step("first", "other", null)
                        .step(DagStep.of("a", PAY.name(), null, List.of("first")).withOptions(PAUSES)).build();
                WorkflowHandle handle = workflows.start(graph, "w");
                sim.sleep(Duration.ofSeconds(1)); // the run is not the helper's
                work(helper, helper(helper));

                assertThat(handle.await(SOON)).hasToString("{a=\"paid\"}");
                assertThat(tried).hasSize(2);
            });
        }
    }
}
