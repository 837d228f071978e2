package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.queue.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a step's failure means, and for how long it is tried. */
@Timeout(60)
class StepFailureTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final RetryPolicy QUICK = RetryPolicy.fixed(4, Duration.ofMillis(1));

    private final Bucket bucket = new Bucket();

    private static DagDefinition dag(StepOptions options) {
        return DagDefinition.builder("g").step(DagStep.of("bad", "bad", null, List.of()).withOptions(options))
                .step("after", "after", null, "bad").build();
    }

    private Node node(StepHandler bad) {
        return new Node(bucket).step("bad", bad).step("after", (step, input, parents) -> parents.size());
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void failure_ofAClassThatIsNotTriedAgain_failsAtOnce(Placement placement) {
        AtomicInteger tries = new AtomicInteger();
        try (Node node = node((step, input, parents) -> {
            tries.incrementAndGet();
            throw new java.io.FileNotFoundException("gone");
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag(StepOptions.retry(QUICK)
                    .withNonRetryable(IOException.class).withPlacement(placement)), "w");
            assertThatThrownBy(() -> handle.await(LONG)).hasMessageContaining("FileNotFoundException");
            assertThat(tries).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void failure_goOn_dependentRunsWithoutTheResult_andSoAfterACrash(Placement placement) throws Exception {
        StepHandler bad = (step, input, parents) -> {
            throw new IllegalStateException("never");
        };
        DagDefinition dag = DagDefinition.builder("g")
                .step(DagStep.of("bad", "bad", null, List.of()).withOptions(StepOptions.retry(RetryPolicy.none())
                        .withOnFailure(OnFailure.CONTINUE).withPlacement(placement)))
                .step(DagStep.of("after", "after", null, List.of("bad")).withPlacement(placement))
                .step("last", "after", null, "after").build();
        CountDownLatch dead = new CountDownLatch(1);
        try (Node starter = new Node(bucket)) {
            Node first = node(bad);
            first.view().afterPut(key -> {
                if (key.endsWith("/steps/bad.json")) {
                    first.view().cut();
                    dead.countDown();
                }
            });
            WorkflowHandle handle = starter.workflows().start(dag, "w");
            first.work();
            dead.await();
            starter.windlass().retire(first.workerId());
            try (Node second = node((step, input, parents) -> "tried again").work()) {
                assertThat(handle.await(LONG).get("last")).hasToString("1");
                assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
                assertThat(handle.steps()).element(0).satisfies(step -> {
                    assertThat(step.succeeded()).isFalse();
                    assertThat(step.error()).isNotNull();
                });
                assertThat(handle.steps()).element(1).satisfies(step -> assertThat(step.result()).hasToString("0"));
                assertThat(second.finished()).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void lastStep_fails_goOn_runCompletesWithoutItsResult() throws Exception {
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            throw new IllegalStateException("never");
        }).work()) {
            DagDefinition dag = DagDefinition.builder("g").step(DagStep.of("only", "k", null, List.of()).withOptions(
                    StepOptions.retry(RetryPolicy.none()).withOnFailure(OnFailure.CONTINUE))).build();
            assertThat(node.workflows().start(dag, "w").await(LONG)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void atMostOnce_onePutMore_noSecondTryAfterAFailure(Placement placement) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        StepOptions once = StepOptions.retry(QUICK).withAtMostOnce().withPlacement(placement);
        try (Node node = node((step, input, parents) -> {
            if (tries.incrementAndGet() == 2) {
                throw new IllegalStateException("at the second run");
            }
            return "done";
        }).work()) {
            assertThat(node.workflows().start(dag(once), "good").await(LONG).get("after")).hasToString("1");
            assertThat(bucket.keys("workflow/good/runs/1/begun/")).containsExactly(
                    "workflow/good/runs/1/begun/bad.json");
            WorkflowHandle failing = node.workflows().start(dag(once), "failing");
            assertThatThrownBy(() -> failing.await(LONG)).hasMessageContaining("at the second run");
            assertThat(tries).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void atMostOnce_ownerDiesInTheBody_outcomeUnknown_bodyDoesNotRunAgain(Placement placement) throws Exception {
        AtomicInteger again = new AtomicInteger();
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        DagDefinition dag = dag(StepOptions.retry(QUICK).withAtMostOnce().withOnFailure(OnFailure.CONTINUE)
                .withPlacement(placement));
        try (Node starter = new Node(bucket)) {
            Node first = node((step, input, parents) -> {
                in.countDown();
                never.await();
                return "never";
            });
            WorkflowHandle handle = starter.workflows().start(dag, "w");
            first.work();
            in.await();
            first.view().cut();
            starter.windlass().retire(first.workerId());
            try (Node second = node((step, input, parents) -> again.incrementAndGet()).work()) {
                assertThat(handle.await(LONG).get("after")).hasToString("0");
                assertThat(again).hasValue(0);
                assertThat(handle.steps().get(0).error()).extracting(error -> error.type())
                        .isEqualTo(StepOptions.OUTCOME_UNKNOWN);
                assertThat(second.finished()).isLessThanOrEqualTo(4);
            }
            never.countDown();
        }
    }

    @Test
    void priority_readySteps_mostUrgentFirst() throws Exception {
        List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        DagDefinition.Builder dag = DagDefinition.builder("g");
        for (int priority : new int[]{9, 3, 7, 0}) {
            dag.step(DagStep.of("p" + priority, "k", null, List.of())
                    .withOptions(StepOptions.ofDefaults().withPriority(priority)));
        }
        dag.step("plain", "k", null);
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> order.add(step.name()))
                .work(options -> options.withLocalParallelism(1))) {
            node.workflows().start(dag.build(), "w").await(LONG);
            assertThat(order).containsExactly("p0", "p3", "plain", "p7", "p9");
        }
    }

    private static void untilPaused(WorkflowHandle handle) {
        while (handle.status() != WorkflowStatus.PAUSED) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void failure_pause_nothingRecorded_resumedRunTriesTheStepAnew(Placement placement) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Node node = node((step, input, parents) -> {
            if (tries.incrementAndGet() <= 2) {
                throw new IllegalStateException("not yet");
            }
            return "at last";
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag(StepOptions.retry(RetryPolicy.fixed(2,
                    Duration.ofMillis(1))).withOnFailure(OnFailure.PAUSE).withPlacement(placement)), "w");
            untilPaused(handle);
            assertThat(bucket.text("workflow/w/state.json")).contains("step 'bad' has failed for good after 2 tries")
                    .contains("not yet");
            assertThat(handle.steps()).isEmpty();

            handle.resume();

            assertThat(handle.await(LONG).get("after")).hasToString("1");
            assertThat(tries).hasValue(3);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Placement.class, names = {"LOCAL", "FLEET"})
    void atMostOnce_pause_resumeIsTheDecisionToBeginOnceMore(Placement placement) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Node node = node((step, input, parents) -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
            return "done";
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag(StepOptions.retry(QUICK).withAtMostOnce()
                    .withOnFailure(OnFailure.PAUSE).withPlacement(placement)), "w");
            untilPaused(handle);
            assertThat(tries).hasValue(1);
            handle.resume();
            assertThat(handle.await(LONG).get("after")).hasToString("1");
            assertThat(tries).hasValue(2);
        }
    }
}
