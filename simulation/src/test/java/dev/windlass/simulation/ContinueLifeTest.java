package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.TaskCancelledException;
import dev.windlass.simulation.workload.Site;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A child that goes on as a new run again and again, with a fault at each single write of its life. */
class ContinueLifeTest {
    private static final WorkflowType<String, String> PARENT = WorkflowType.of("parent", String.class, String.class);
    private static final WorkflowType<String, String> CHAIN = WorkflowType.of("chain", String.class, String.class);
    private static final WorkflowType<Integer, String> LOOP = WorkflowType.of("loop", Integer.class, String.class);

    private static @Nullable String end(Workflows workflows, WorkflowType<?, String> type, String id)
            throws InterruptedException {
        try {
            return workflows.handle(type, id).await(Duration.ofMillis(1));
        } catch (TaskCancelledException e) {
            return "cancelled";
        } catch (AwaitTimeoutException e) {
            return null;
        } catch (WorkflowNotFoundException e) {
            return null;
        }
    }

    private static boolean isAcknowledged(Simulation sim, String id) {
        return Site.json(sim.store().peek("workflow/" + id + "/state.json")).has("cancel");
    }

    /** Each run takes a signal and hands on what it has. */
    private static final class Signals implements LifeWithFault.Scenario {
        @Override
        public Workflows register(Workflows workflows, LifeWithFault.Ledger ledger) {
            return workflows.workflow(PARENT, (ctx, name) -> ctx.child(CHAIN, "c", "") + " for " + name)
                    .workflow(CHAIN, (ctx, before) -> {
                        ctx.step("work", String.class, step -> ledger.body("work " + step.run()));
                        String taken = before + ctx.awaitSignal("go", String.class);
                        ctx.signal("open", String.class);
                        return taken.length() == 3 ? taken : ctx.continueAsNew(CHAIN, taken);
                    });
        }

        @Override
        public void client(Workflows workflows, LifeWithFault.Client client) throws InterruptedException {
            client.arm();
            client.until(() -> workflows.signal("c", "go", "a", "first"));
            client.until(() -> workflows.start(PARENT, "p", "x", StartOptions.ofDefaults()));
            client.sleep(Duration.ofSeconds(20));
            client.until(() -> workflows.signal("c", "go", "b", "second"));
            client.until(() -> workflows.signal("c", "go", "a", "first"));
            client.until(() -> workflows.signal("c", "go", "c", "third"));
            client.until(() -> workflows.signal("c", "go", "b", "second"));
        }

        @Override
        public @Nullable String result(Workflows workflows) throws InterruptedException {
            return end(workflows, PARENT, "p");
        }

        @Override
        public @Nullable String flaw(Simulation sim, LifeWithFault.Ledger ledger, String result) {
            if (!result.equals("abc for x")) {
                return "W3: it gives something else";
            }
            for (int run = 1; run <= 3; run++) {
                int times = ledger.times("work " + run);
                if (times < 1 || times > 2) {
                    return "W2: one fault, and the step of run " + run + " ran " + times + " times";
                }
            }
            return ledger.times("work 4") == 0 ? null : "there is a fourth run";
        }
    }

    /** It goes on for ever, until it is cancelled. */
    private static final class Cancelled implements LifeWithFault.Scenario {
        @Override
        public Workflows register(Workflows workflows, LifeWithFault.Ledger ledger) {
            return workflows.workflow(LOOP, (ctx, count) -> {
                ctx.step("work", String.class, step -> ledger.body("work"));
                ctx.sleep(Duration.ofSeconds(1));
                return ctx.continueAsNew(LOOP, count + 1);
            });
        }

        @Override
        public void client(Workflows workflows, LifeWithFault.Client client) throws InterruptedException {
            client.until(() -> workflows.start(LOOP, "l", 0, StartOptions.ofDefaults()));
            client.sleep(Duration.ofMillis(3_700));
            client.arm();
            client.until(() -> workflows.handle("l").cancel("enough"));
        }

        @Override
        public @Nullable String result(Workflows workflows) throws InterruptedException {
            return end(workflows, LOOP, "l");
        }

        @Override
        public @Nullable String flaw(Simulation sim, LifeWithFault.Ledger ledger, String result) {
            return result.equals("cancelled") && isAcknowledged(sim, "l") ? null : "it is not cancelled";
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOne_signalsComeOnceThroughAllRuns_parentIsToldOfTheLast(Fault.Kind kind) {
        assertThat(LifeWithFault.atEach(kind, new Signals())).isGreaterThan(40);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOne_aCancelIsNeverLostBetweenTwoRuns(Fault.Kind kind) {
        assertThat(LifeWithFault.atEach(kind, new Cancelled())).isGreaterThan(3);
    }
}
