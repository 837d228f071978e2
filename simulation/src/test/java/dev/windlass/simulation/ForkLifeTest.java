package dev.windlass.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepOptions;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs that take over what one before them has done, with a fault at each single write of it. */
class ForkLifeTest {
    private static final WorkflowType<String, String> FLOW = WorkflowType.of("flow", String.class, String.class);
    private static final StepOptions ONCE = StepOptions.retry(RetryPolicy.none());

    /** A run of a function is forked at a step, and one of a graph is tried again. */
    private static final class Repeats implements LifeWithFault.Scenario {
        private static String fails(StepContext step, LifeWithFault.Ledger ledger) {
            String name = ledger.body(step.name() + step.run());
            if (step.run() == 1) {
                throw new IllegalStateException("down");
            }
            return name;
        }

        private static DagDefinition graph() {
            return DagDefinition.builder("graph").step("ga", "k", null)
                    .step(DagStep.of("gb", "bad", null, List.of("ga")).withRetry(RetryPolicy.none()))
                    .step("gc", "k", null, "gb").build();
        }

        @Override
        public Workflows register(Workflows workflows, LifeWithFault.Ledger ledger) {
            return workflows.workflow(FLOW, (ctx, input) -> {
                ledger.body("draw " + ctx.random().nextInt() + ' ' + ctx.uuid());
                String first = ctx.step("a", String.class, step -> ledger.body("a" + step.run()));
                ctx.sleep(Duration.ofSeconds(1));
                String second = ctx.step("b", String.class, ONCE, step -> fails(step, ledger));
                return first + second + ctx.step("c", String.class, step -> ledger.body("c" + step.run()));
            }).stepType("k", (step, input, parents) -> JsonNodeFactory.instance
                    .stringNode(ledger.body(step.name() + step.run()))).stepType("bad",
                            (step, input, parents) -> JsonNodeFactory.instance.stringNode(fails(step, ledger)));
        }

        @Override
        public void client(Workflows workflows, LifeWithFault.Client client) throws InterruptedException {
            client.until(() -> workflows.start(FLOW, "w", "x", StartOptions.ofDefaults()));
            client.until(() -> workflows.start(graph(), "g", StartOptions.ofDefaults()));
            while (isOpen(workflows.handle("w")) || isOpen(workflows.handle("g"))) {
                client.sleep(Duration.ofMillis(200));
            }
            client.arm();
            client.until(() -> first(workflows, "w", handle -> handle.fork("b")));
            client.until(() -> first(workflows, "g", WorkflowHandle::retry));
        }

        private static boolean isOpen(WorkflowHandle handle) {
            return handle.run() == 1 && handle.status() != WorkflowStatus.FAILED;
        }

        /** As long as no other run has followed the first. */
        private static void first(Workflows workflows, String id, Consumer<WorkflowHandle> request) {
            WorkflowHandle handle = workflows.handle(id);
            if (handle.run() == 1) {
                request.accept(handle);
            }
        }

        @Override
        public @Nullable String result(Workflows workflows) throws InterruptedException {
            try {
                return workflows.info("w").run() == 1 || workflows.info("g").run() == 1
                        ? null
                        : workflows.handle(FLOW, "w").await(Duration.ofMillis(1)) + ' '
                                + workflows.handle("g").await(Duration.ofMillis(1));
            } catch (AwaitTimeoutException e) {
                return null;
            } catch (WorkflowFailedException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public @Nullable String flaw(Simulation sim, LifeWithFault.Ledger ledger, String result) {
            if (!result.equals("a1b2c2 {gc=\"gc2\"}")) {
                return "it gives something else";
            }
            for (String name : List.of("a1", "b1", "ga1", "gb1")) {
                if (ledger.times(name) != 1) {
                    return name + " ran again";
                }
            }
            for (String name : List.of("b2", "c2", "gb2", "gc2")) {
                if (ledger.times(name) > 2) {
                    return "one fault, and " + name + " ran more than twice";
                }
            }
            if (ledger.times("a2") + ledger.times("ga2") > 0) {
                return "W2: what was to be taken over ran again";
            }
            return ledger.toString().split("draw ", -1).length == 2 ? null : "its randomness differs";
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_BEFORE", "LOST_AFTER", "CONFLICT_409", "FALSE_412", "LANDS_LATE", "CRASH_BEFORE",
        "CRASH_AFTER"})
    void put_faultAtEachOneOfAForkAndARetry_takesOverAllOfItAndEndsOnce(Fault.Kind kind) {
        assertThat(LifeWithFault.atEach(kind, new Repeats())).isGreaterThan(15);
    }
}
