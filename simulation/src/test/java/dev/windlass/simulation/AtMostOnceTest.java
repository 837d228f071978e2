package dev.windlass.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.WindlassException;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.FunctionHandle;
import dev.windlass.workflow.StepFailedException;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step of a durable function that is begun at most once, and what becomes of the puts around its body. */
class AtMostOnceTest {
    private static final SimulationOptions FRAME = SimulationOptions.defaults().withTraceLimit(400)
            .withStore(StoreOptions.defaults().withMaxLateness(Duration.ofSeconds(90)));
    private static final WorkflowType<String, String> TYPE = WorkflowType.of("once", String.class, String.class);
    private static final String MARK = "workflow/w/runs/1/begun/pay.json";
    private static final String RECORD = "workflow/w/runs/1/steps/pay.json";
    private static final String UNKNOWN = StepOptions.OUTCOME_UNKNOWN;

    /** How often the body began, and what is left of processes. */
    private static final class World {
        private final Simulation sim;
        private final boolean diesInside;
        private final List<Actor> workers = new ArrayList<>();
        private int bodies;

        World(Simulation sim, boolean diesInside) {
            this.sim = sim;
            this.diesInside = diesInside;
        }

        Workflows workflows(Actor actor) {
            Site site = Site.of(sim, actor, builder -> builder.grace(Duration.ofSeconds(30)));
            return Workflows.on(site.windlass.engine()).workflow(TYPE, (ctx, name) -> {
                try {
                    return ctx.step("pay", String.class, StepOptions.ofDefaults().withAtMostOnce(), step -> {
                        bodies++;
                        if (diesInside) {
                            actor.crash();
                        }
                        actor.environment().sleep(Duration.ofSeconds(1));
                        return "paid";
                    });
                } catch (StepFailedException e) {
                    return e.error().type();
                }
            });
        }

        void work(Actor actor) {
            workers.add(actor);
            actor.start("starter", () -> {
                while (true) {
                    try {
                        Site site = Site.of(sim, actor, builder -> builder.grace(Duration.ofSeconds(30)));
                        workflows(actor).worker(site.windlass.worker().id(actor.name())
                                .lease(Duration.ofSeconds(12), Duration.ofSeconds(4))).start();
                        return;
                    } catch (WindlassException e) {
                        actor.environment().sleep(Duration.ofSeconds(1));
                    }
                }
            });
        }

        void restart() {
            for (Actor worker : List.copyOf(workers)) {
                if (worker.isCrashed() && workers.remove(worker)) {
                    work(worker.restart());
                }
            }
        }

        @Nullable
        String result(FunctionHandle<String> handle) throws InterruptedException {
            for (int i = 0; i < 120; i++) {
                sim.sleep(Duration.ofSeconds(5));
                restart();
                try {
                    return handle.await(Duration.ofMillis(1));
                } catch (AwaitTimeoutException e) {
                    // not yet
                }
            }
            return null;
        }
    }

    private static void play(long seed, @Nullable Fault fault, String key, int bodies, List<String> results) {
        Simulation.run(seed, FRAME, sim -> {
            World world = new World(sim, fault == null);
            boolean[] met = {fault == null};
            if (fault != null) {
                sim.store().inject(fault, request -> {
                    boolean mine = !met[0] && request.is(RequestKind.PUT, key);
                    met[0] |= mine;
                    return mine;
                });
            }
            FunctionHandle<String> handle = world.workflows(sim.actor("p")).start(TYPE, "w", "x");
            world.work(sim.actor("w0"));
            world.work(sim.actor("w1"));
            String result = world.result(handle);
            if (!met[0]) {
                sim.fail("nothing was put at " + key);
            }
            if (result == null || !results.contains(result) || world.bodies > Math.max(bodies, 1)
                    || (bodies >= 0 && world.bodies != bodies)) {
                sim.fail(fault + " at " + key + ": the run gives " + result + ", and the body began " + world.bodies
                        + " times");
            }
            sim.sleep(Duration.ofMinutes(3));
            if (world.bodies > 1) {
                sim.fail("the body began " + world.bodies + " times");
            }
        });
    }

    /** Where the owner dies decides whether the body has run, and what is known of it. */
    @ParameterizedTest
    @CsvSource({"CRASH_BEFORE, begun, 1, paid", "CRASH_AFTER, begun, 0, " + UNKNOWN,
        "CRASH_BEFORE, steps, 1, " + UNKNOWN, "CRASH_AFTER, steps, 1, paid"})
    void ownerDies_atEachOfItsPuts_bodyRunsAtMostOnce(Fault.Kind kind, String folder, int bodies, String result) {
        for (long seed = 0; seed < 5; seed++) {
            play(seed, Fault.of(kind), folder.equals("begun") ? MARK : RECORD, bodies, List.of(result));
        }
    }

    @Test
    void ownerDies_inTheBody_outcomeIsUnknown() {
        play(1, null, "", 1, List.of(UNKNOWN));
    }

    /** Answers that are lost, late or wrong: the owner lives, and knows its own mark. */
    @ParameterizedTest
    @CsvSource({"LOST_BEFORE, begun", "LOST_AFTER, begun", "CONFLICT_409, begun", "FALSE_412, begun",
        "UNAVAILABLE_503, begun", "LOST_BEFORE, steps", "LOST_AFTER, steps", "CONFLICT_409, steps",
        "FALSE_412, steps", "UNAVAILABLE_503, steps"})
    void put_answeredWrong_bodyRunsOnce(Fault.Kind kind, String folder) {
        for (long seed = 0; seed < 5; seed++) {
            play(seed, Fault.of(kind), folder.equals("begun") ? MARK : RECORD, 1, List.of("paid"));
        }
    }

    /** A mark that lands when its owner has given up on it: the body runs once, or its outcome is said to be unknown. */
    @ParameterizedTest
    @CsvSource({"LANDS_LATE, begun", "LURKS, begun", "LANDS_LATE, steps", "LURKS, steps"})
    void put_landsLate_bodyRunsAtMostOnce(Fault.Kind kind, String folder) {
        for (long seed = 0; seed < 20; seed++) {
            play(seed, Fault.of(kind), folder.equals("begun") ? MARK : RECORD, -1, List.of("paid", UNKNOWN));
        }
    }
}
