package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.queue.Worker;
import dev.windlass.simulation.workload.Site;
import dev.windlass.store.RequestCounts;
import dev.windlass.workflow.ChildOptions;
import dev.windlass.workflow.FunctionHandle;
import dev.windlass.workflow.Promise;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.StepType;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durable functions on the simulated store: a fault at each single write of a run's life, and what waiting costs. */
class FunctionLifeTest {
    private static final SimulationOptions STEADY = SimulationOptions.defaults().withTraceLimit(100);
    private static final WorkflowType<String, String> PARENT = WorkflowType.of("parent", String.class, String.class);
    private static final WorkflowType<String, String> CHILD = WorkflowType.of("child", String.class, String.class);
    private static final WorkflowType<String, String> WAITER = WorkflowType.of("waiter", String.class, String.class);
    private static final StepType<Integer, Integer> FAR = StepType.of("far", Integer.class, Integer.class);
    private static final String EXPECTED = "a s1 child of w [0, 10, 20] s2 30 z";

    private static String run(WorkflowContext ctx, LifeWithFault.Ledger ledger) {
        String a = ctx.step("a", String.class, step -> ledger.body("a"));
        String first = ctx.awaitSignal("go", String.class);
        Promise<String> child = ctx.childAsync(CHILD, "c", ctx.workflowId(), ChildOptions.ofDefaults());
        List<Integer> tens = ctx.map("tens", List.of(0, 1, 2), Integer.class, 2, StepOptions.ofDefaults(),
                (step, item) -> {
                    ledger.body(step.name());
                    return item * 10;
                });
        ctx.sleep(Duration.ofSeconds(50));
        String second = ctx.awaitSignal("go", String.class, Duration.ofDays(1));
        int far = ctx.call(FAR, 3);
        return a + " " + first + " " + child.get() + " " + tens + " " + second + " " + far + " "
                + ctx.step("z", String.class, step -> ledger.body("z"));
    }

    private static Workflows register(Workflows workflows, LifeWithFault.Ledger ledger) {
        return workflows.workflow(PARENT, (ctx, name) -> run(ctx, ledger)).workflow(CHILD, (ctx, name) -> {
            ctx.sleep(Duration.ofSeconds(20));
            return "child of " + name;
        }).workflow(WAITER, (ctx, name) -> ctx.awaitSignal("go", String.class)).stepType(FAR, (step, number) -> {
            ledger.body("far");
            return number * 10;
        });
    }

    private static Workflows workflows(Site site) {
        return register(Workflows.on(site.windlass.engine()), new LifeWithFault.Ledger());
    }

    /** A run of all that a function may ask for, whose clients repeat what was not acknowledged, by the same ids. */
    private record Life(Fault.Kind kind) implements LifeWithFault.Scenario {
        @Override
        public Workflows register(Workflows workflows, LifeWithFault.Ledger ledger) {
            return FunctionLifeTest.register(workflows, ledger);
        }

        @Override
        public boolean isArmed() {
            return true;
        }

        @Override
        public Duration untilSecond() {
            return Duration.ofSeconds(130);
        }

        @Override
        public void client(Workflows workflows, LifeWithFault.Client client) throws InterruptedException {
            client.until(() -> workflows.signal("w", "go", "s1", "id-2"));
            client.until(() -> workflows.start(PARENT, "w", "x", StartOptions.ofDefaults()));
            if (!client.isSecond()) {
                client.sleep(Duration.ofSeconds(100)); // by now the run waits for it, parked
            }
            client.until(() -> workflows.signal("w", "go", "s2", "id-1"));
            if (!client.isSecond()) {
                client.until(() -> workflows.signal("w", "go", "s1", "id-2"));
            }
        }

        @Override
        public @Nullable String result(Workflows workflows) throws InterruptedException {
            try {
                return workflows.handle(PARENT, "w").await(Duration.ofMillis(1));
            } catch (AwaitTimeoutException e) {
                return null;
            } catch (WorkflowNotFoundException e) {
                return null;
            }
        }

        @Override
        public @Nullable String flaw(Simulation sim, LifeWithFault.Ledger ledger, String result) {
            if (!result.equals(EXPECTED)) {
                return "it gives something else than " + EXPECTED;
            }
            // One fault, so at most one process was lost or fenced: no body has run more often than that explains.
            if (ledger.isAnyAbove(2)) {
                return "W2: a body ran more than twice";
            }
            return ledger.crashes() == 0 && kind != Fault.Kind.LANDS_LATE && ledger.isAnyAbove(1)
                    ? "W2: no process died, and bodies ran again"
                    : null;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOne_runEndsOnce_signalsComeOnceInOrder(Fault.Kind kind) {
        assertThat(LifeWithFault.atEach(kind, new Life(kind))).isGreaterThan(30);
    }

    private static RequestCounts hourWith(int parked) {
        RequestCounts[] spent = new RequestCounts[1];
        Simulation.run(7, STEADY, sim -> {
            Site site = Site.of(sim, "w");
            Workflows workflows = workflows(site);
            Worker worker = workflows.worker(site.windlass.worker().id("w")).start();
            for (int i = 0; i < parked; i++) {
                workflows.start(WAITER, "p" + i, "x");
            }
            sim.sleep(Duration.ofMinutes(10));
            assertThat(worker.stats().running()).isZero();
            assertThat(sim.store().keys("ready/workflow/")).hasSize(parked);
            RequestCounts before = sim.store().counts();
            sim.sleep(Duration.ofHours(1));
            spent[0] = sim.store().counts().minus(before);
        });
        return spent[0];
    }

    @Test
    void parkedRuns_anyNumber_costNoRequest() {
        RequestCounts none = hourWith(1); // a worker that has had work keeps its lease
        RequestCounts many = hourWith(200);

        // An hour may hold one sweep or renewal more or less.
        assertThat(many.put()).isBetween(none.put() - 1, none.put() + 1);
        assertThat(many.get()).isBetween(none.get() - 1, none.get() + 1);
        assertThat(many.list()).isBetween(none.list() - 5, none.list() + 5);
    }

    @Test
    void signal_parkedRun_costsTwoPutsAndOneGet_liveOneOnePut() {
        Simulation.run(3, STEADY, sim -> {
            Site site = Site.of(sim, "w");
            Workflows workflows = workflows(site);
            Site client = Site.of(sim, "p");
            FunctionHandle<String> handle = workflows(client).start(WAITER, "w", "x");
            Worker worker = workflows.worker(site.windlass.worker().id("w")).start();
            sim.sleep(Duration.ofMinutes(1));
            assertThat(handle.status()).isEqualTo(WorkflowStatus.WAITING);
            RequestCounts before = client.windlass.requests();

            handle.signal("go", "x", "1");

            RequestCounts spent = client.windlass.requests().minus(before);
            assertThat(spent.put()).isEqualTo(2);
            assertThat(spent.get()).isEqualTo(1);
            assertThat(handle.await(Duration.ofMinutes(1))).isEqualTo("x");
            assertThat(worker.isRunning()).isTrue();
        });
    }

    /** The owner that is told learns of children only by what the function asks for again, while it is being told. */
    @Test
    void cancel_parkedParent_endsItsChild_butNotAnAbandonedOne() {
        SimulationOptions longStretches = STEADY.withYields(0.1);
        for (long seed = 0; seed < 200; seed++) {
            Simulation.run(seed, longStretches, sim -> {
                Site site = Site.of(sim, "w");
                Workflows workflows = Workflows.on(site.windlass.engine()).workflow(PARENT, (ctx, name) -> {
                    ctx.childAsync(WAITER, "bound", "x", ChildOptions.ofDefaults());
                    ctx.childAsync(WAITER, "free", "x", ChildOptions.ofDefaults().abandoned());
                    ctx.step("recorded", Void.class, step -> null);
                    return ctx.awaitSignal("never", String.class);
                }).workflow(WAITER, (ctx, name) -> ctx.awaitSignal("go", String.class));
                Worker worker = workflows.worker(site.windlass.worker().id("w")).start();
                FunctionHandle<String> parent = workflows.start(PARENT, "w", "x");
                sim.sleep(Duration.ofMinutes(1));
                assertThat(parent.status()).isEqualTo(WorkflowStatus.WAITING);

                parent.cancel("enough");

                sim.sleep(Duration.ofMinutes(1));
                assertThat(parent.status()).isEqualTo(WorkflowStatus.CANCELLED);
                assertThat(workflows.handle(WAITER, "bound").status()).isEqualTo(WorkflowStatus.CANCELLED);
                assertThat(workflows.handle(WAITER, "free").status()).isEqualTo(WorkflowStatus.WAITING);
                assertThat(worker.isRunning()).isTrue();
            });
        }
    }

    @Test
    void run_plainSteps_costsOnePutEach() {
        Simulation.run(3, STEADY, sim -> {
            Site site = Site.of(sim, "w");
            WorkflowType<Integer, Integer> type = WorkflowType.of("steps", Integer.class, Integer.class);
            Workflows workflows = Workflows.on(site.windlass.engine()).workflow(type, (ctx, steps) -> {
                for (int i = 0; i < steps; i++) {
                    ctx.step("s", Void.class, step -> null);
                }
                return steps;
            });
            Worker worker = workflows.worker(site.windlass.worker().id("w").sweeper(false)).start();
            workflows.start(type, "warm-up", 1).await(Duration.ofMinutes(1));
            sim.sleep(Duration.ofSeconds(30));
            RequestCounts before = sim.store().counts("workflow/");
            workflows.start(type, "w", 50).await(Duration.ofMinutes(1));
            RequestCounts spent = sim.store().counts("workflow/").minus(before);
            assertThat(spent.put()).isEqualTo(50 + 3); // the state at the start and at the end, the result
            assertThat(spent.list()).isZero();
            assertThat(worker.isRunning()).isTrue();
        });
    }
}
