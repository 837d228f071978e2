package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs that take over what one before them has done. */
@Timeout(120)
class ForkTest extends FunctionScene<String> {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final StepOptions ONCE = StepOptions.retry(RetryPolicy.none());
    private static final WorkflowType<String, String> TYPE = WorkflowType.of("greet", String.class, String.class);

    ForkTest() {
        super(TYPE);
    }

    @Test
    void fork_completedRun_takesOverWhatCameBefore_failuresAndRandomnessToo() throws Exception {
        List<String> draws = new CopyOnWriteArrayList<>();
        CountDownLatch refused = new CountDownLatch(1);
        try (Node node = node((ctx, name) -> {
            draws.add(ctx.uuid() + " " + ctx.random().nextLong());
            String a = ctx.step("a", String.class, step -> mark("a" + step.run()));
            try {
                ctx.step("odd", String.class, ONCE, step -> {
                    throw new IllegalStateException("down");
                });
            } catch (StepFailedException e) {
                a += ctx.step("instead", String.class, step -> mark("i" + step.run()));
            }
            return a + ctx.step("b", String.class, step -> mark("b" + step.run()))
                    + ctx.step("c", String.class, step -> {
                        refused.await(); // what has not ended cannot be forked
                        return mark("c" + step.run());
                    });
        }).work()) {
            FunctionHandle<String> first = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> first.run().fork("b")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'w'");
            refused.countDown();
            assertThat(first.await(LONG)).isEqualTo("a1i1b1c1");

            WorkflowHandle second = first.run().fork("b");

            assertThat(second.run()).isEqualTo(2);
            assertThat(node.workflows().handle(TYPE, "w").await(LONG)).isEqualTo("a1i1b2c2");
            assertThat(begun).containsExactly("a1", "i1", "b1", "c1", "b2", "c2");
            assertThat(draws).hasSize(2).allMatch(draws.get(0)::equals);
            assertThat(first.await(LONG)).isEqualTo("a1i1b1c1");
            assertThat(first.status()).isEqualTo(WorkflowStatus.COMPLETED);
            assertThatThrownBy(() -> first.run().fork("c")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("followed by run 2");
            assertThat(first.run().fork("b").run()).as("the same again").isEqualTo(2);
            assertThatThrownBy(() -> second.fork("z")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'z'");
            assertThat(bucket.text("workflow/w/state.json")).contains("\"run\":2");
        }
    }

    @Test
    void retry_ofARunThatHadTakenNothingOver_takesItFromTheOneBefore() throws Exception {
        AtomicReference<Boolean> broken = new AtomicReference<>(true);
        WorkflowFunction<String, String> function = (ctx, name) -> ctx.step("a", String.class,
                step -> mark("a" + step.run())) + ctx.step("b", String.class, ONCE, step -> {
                    if (broken.get()) {
                        throw new IllegalStateException("down");
                    }
                    return "b";
                });
        try (Node node = node(function).work()) {
            FunctionHandle<String> first = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> first.await(LONG)).isInstanceOf(WorkflowFailedException.class);
        }
        try (Node client = new Node(bucket); Node node = node(function)) {
            WorkflowHandle second = client.workflows().handle("w").retry();
            assertThat(bucket.keys("workflow/w/runs/2/")).as("what a fresh start of run 2 would find, had we died")
                    .isEmpty();
            assertThat(second.terminate("before anybody has claimed it")).isTrue();
            assertThatThrownBy(() -> second.fork("b")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("run 1");
            broken.set(false);

            WorkflowHandle third = second.retry();

            assertThat(third.run()).isEqualTo(3);
            node.work();
            assertThat(node.workflows().handle(TYPE, "w").await(LONG)).isEqualTo("a1b");
            assertThat(begun).containsExactly("a1");
        }
    }

    @Test
    void fork_completedGraph_doesAnewTheStepAndAllThatNeedIt() throws Exception {
        DagDefinition dag = DagDefinition.builder("g").step("a", "k", null).step("side", "k", null, "a")
                .step("b", "list", null, "a")
                .step(DagStep.of("each", "k", null, List.of("b")).withMap(new MapOver("b", 1)))
                .step("end", "k", null, "each", "side").build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            begun.add(step.name() + step.run());
            return JsonNodeFactory.instance.stringNode(step.name());
        }).step("list", (step, input, parents) -> {
            begun.add(step.name() + step.run());
            return JsonNodeFactory.instance.arrayNode().add(1).add(2);
        }).work()) {
            WorkflowHandle first = node.workflows().start(dag, "w");
            first.await(LONG);
            begun.clear();
            assertThatThrownBy(() -> first.fork("nothing")).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'nothing'").hasMessageContaining("side");

            WorkflowHandle second = first.fork("each");

            assertThat(second.await(LONG)).containsOnlyKeys("end");
            assertThat(begun).containsExactlyInAnyOrder("each[0]2", "each[1]2", "end2");
            assertThat(second.steps()).extracting(StepInfo::name).contains("a", "side", "b", "each", "end");
            assertThat(first.status()).isEqualTo(WorkflowStatus.COMPLETED);
        }
    }
}
