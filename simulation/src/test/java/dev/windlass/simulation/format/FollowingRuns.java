package dev.windlass.simulation.format;

import java.time.Duration;

import dev.windlass.queue.Worker;
import dev.windlass.simulation.Simulation;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;

/**
 * The part of {@link FormatWorld} that is about runs that follow others of their workflow: forks that nobody has worked on yet,
 * and a function that goes on as a new run and waits there.
 */
final class FollowingRuns {
    static final WorkflowType<String, String> TALLY = WorkflowType.of("tally", String.class, String.class);
    private static final Duration LONG = Duration.ofMinutes(10);

    private FollowingRuns() {
    }

    /** Takes one signal in each of three runs. */
    static String tally(WorkflowContext ctx, String before) {
        String taken = before + ctx.awaitSignal("count", String.class);
        return taken.length() == 3 ? taken : ctx.continueAsNew(TALLY, taken);
    }

    static void play(Simulation sim, FormatWorld world) throws InterruptedException {
        Site at = world.site("teller");
        Workflows client = Workflows.on(world.site("caller").windlass.engine());
        client.start(TALLY, "tally", "");
        client.signal("tally", "count", "a", "count-1");
        Worker worker = FunctionRuns.start(at,
                Workflows.on(at.windlass.engine()).workflow(TALLY, FollowingRuns::tally));
        String second = at.windlass.engine().deriveTaskId("workflow", "tally/2");
        sim.runUntil(() -> Site.task(sim, second).path("parked").asBoolean(false), LONG);
        sim.sleep(Duration.ofSeconds(1));
        worker.close();
        client.handle("completed").fork("large");
        client.handle("order done").fork("weigh");
        client.signal("order done", "received", "at noon", "received-2");
    }
}
