package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.windlass.TaskCancelledException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Timeout(60)
class ControlTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    private final Bucket bucket = new Bucket();
    private final Queue<String> begun = new ConcurrentLinkedQueue<>();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);

    /** Step 0 waits for {@link #release}, or to be told to stop. */
    private final StepHandler gated = (step, input, parents) -> {
        begun.add(step.name());
        if (step.name().equals("0")) {
            running.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                if (step.isCancelled()) {
                    told.countDown();
                }
                throw e;
            }
        }
        return step.name();
    };

    /** Between two looks at what cannot be waited for. */
    private static void pause() {
        LockSupport.parkNanos(1_000_000);
    }

    private static void until(WorkflowHandle handle, WorkflowStatus status) {
        while (handle.status() != status) {
            pause();
        }
    }

    /** Not merely about to be. */
    private static boolean isParked(@Nullable TaskInfo task) {
        return task != null && task.status() == TaskStatus.PENDING && task.parked();
    }

    private static void untilParked(Node node) {
        String taskId = node.windlass().engine().deriveTaskId("workflow", "w/1");
        while (!isParked(node.windlass().engine().task(taskId))) {
            pause();
        }
    }

    private static void assertCancelled(WorkflowHandle handle, String reason) {
        assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(TaskCancelledException.class)
                .hasMessageContaining("'w'").hasMessageContaining(reason);
        assertThat(handle.status()).isEqualTo(WorkflowStatus.CANCELLED);
    }

    @Test
    void cancel_whileAStepRuns_tellsIt_recordsItAsCancelled_startsNoOther() throws Exception {
        try (Node node = new Node(bucket).step("k", gated).work(); Node other = new Node(bucket)) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 2), "w");
            running.await();

            assertThat(other.workflows().handle("w").cancel("not wanted any more")).isTrue();

            assertCancelled(handle, "not wanted any more");
            assertThat(told.await(40, TimeUnit.SECONDS)).isTrue();
            assertThat(begun).containsExactly("0");
            assertThat(handle.steps()).singleElement().satisfies(step -> {
                assertThat(step.succeeded()).isFalse();
                assertThat(step.error()).extracting(TaskError::type).isEqualTo("cancelled");
            });
            assertThat(handle.cancel("again")).isTrue();
        }
    }

    @Test
    void cancel_beforeAWorkerComes_nothingRuns() throws Exception {
        try (Node node = new Node(bucket).step("k", gated)) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 2), "w");
            assertThat(handle.cancel("too late")).isTrue();
            assertThat(handle.status()).isEqualTo(WorkflowStatus.PENDING);

            node.work();

            assertCancelled(handle, "too late");
            assertThat(begun).isEmpty();
        }
    }

    @Test
    void cancel_stepOutAtAnotherWorker_isToldAndItsLateResultChangesNothing() throws Exception {
        DagDefinition dag = DagDefinition.builder("g")
                .step(DagStep.of("far", "far", null, List.of()).withTimeout(null)).step("after", "near", null, "far")
                .build();
        StepHandler stubborn = (step, input, parents) -> {
            running.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                told.countDown();
            }
            return "late";
        };
        try (Node owner = new Node(bucket).step("near", gated).work();
                Node far = new Node(bucket).step("far", stubborn).work()) {
            WorkflowHandle handle = owner.workflows().start(dag, "w");
            running.await();

            assertThat(handle.cancel("stop")).isTrue();

            assertCancelled(handle, "stop");
            release.countDown();
            while (far.finished() < 1) {
                pause();
            }
            assertThat(handle.steps()).singleElement().extracting(StepInfo::succeeded).isEqualTo(false);
            assertThat(bucket.text("workflow/w/runs/1/steps/far.json")).contains("\"cancelled\"")
                    .doesNotContain("late");
            assertThat(begun).isEmpty();
        }
    }

    @Test
    void pause_runningStepEnds_noneStarts_untilResumed() throws Exception {
        try (Node node = new Node(bucket).step("k", gated).work(); Node other = new Node(bucket)) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 3), "w");
            running.await();
            other.workflows().handle("w").pause("maintenance");
            assertThat(other.workflows().handle("w").status()).isEqualTo(WorkflowStatus.PAUSED);
            while (!seenByOwner(node)) { // within two seconds
                pause();
            }
            release.countDown();
            untilParked(node);
            assertThat(begun).containsExactly("0");

            other.workflows().handle("w").resume();

            assertThat(handle.await(LONG).get("2")).hasToString("\"2\"");
            assertThat(begun).containsExactly("0", "1", "2");
        }
    }

    /** The owner reads the state at the claim, and then now and then. */
    private static boolean seenByOwner(Node node) {
        return node.view().gets().stream().filter(key -> key.equals("workflow/w/state.json")).count() >= 2;
    }

    @Test
    void cancel_ofAPausedRun_endsIt() throws Exception {
        try (Node node = new Node(bucket).step("k", gated)) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 1), "w");
            handle.pause("wait");
            node.work();
            untilParked(node);

            handle.cancel("over");

            assertCancelled(handle, "over");
            assertThat(begun).isEmpty();
        }
    }

    @Test
    void terminate_withoutAnyWorker_endsItAtOnce_andNothingRunsLater() throws Exception {
        try (Node node = new Node(bucket).step("k", gated)) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 1), "w");

            assertThat(handle.terminate("broken")).isTrue();

            assertCancelled(handle, "broken");
            node.work();
            while (node.finished() < 1) {
                pause();
            }
            assertThat(begun).isEmpty();
        }
    }

    @Test
    void terminate_whileAStepRuns_tellsIt() throws Exception {
        try (Node node = new Node(bucket).step("k", gated).work()) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 2), "w");
            running.await();

            assertThat(handle.terminate("broken")).isTrue();

            assertCancelled(handle, "broken");
            assertThat(told.await(40, TimeUnit.SECONDS)).isTrue();
            until(handle, WorkflowStatus.CANCELLED);
            assertThat(begun).containsExactly("0");
        }
    }

    @Test
    void retry_failedGraph_isAnotherRunThatRepeatsOnlyWhatFailed() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        DagDefinition dag = DagDefinition.builder("g").step("a", "k", null)
                .step(DagStep.of("b", "bad", null, List.of("a")).withRetry(RetryPolicy.none())).build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            begun.add("a" + step.run());
            return "A";
        }).step("bad", (step, input, parents) -> {
            if (broken.get()) {
                throw new IllegalStateException("down");
            }
            return parents.get("a");
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class);
            broken.set(false);

            WorkflowHandle second = handle.retry();

            assertThat(second.run()).isEqualTo(2);
            assertThat(second.await(LONG).get("b")).hasToString("\"A\"");
            assertThat(begun).containsExactly("a1");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.FAILED);
        }
    }

    @Test
    void input_ofGraphsAndFunctions_isWhatTheyWereStartedWith() {
        String large = "x".repeat(70_000);
        try (Node node = new Node(bucket); Node other = new Node(bucket)) {
            DagDefinition graph = WorkflowTest.chain("g", 1);
            WorkflowType<String, String> type = WorkflowType.of("f", String.class, String.class);
            JsonNode given = JsonNodeFactory.instance.stringNode(large);
            node.workflows().start(graph, "graph", StartOptions.ofDefaults().withInput(given));
            node.workflows().start(graph, "nothing");
            node.workflows().start(type, "function", large);
            node.workflows().start(type, "null", null);
            other.workflows().handle("graph").definition(); // the first look for a task reads the store's format, too
            var counted = other.windlass().requests();

            assertThat(other.workflows().handle("graph").input()).isEqualTo(given);
            assertThat(other.workflows().handle("nothing").input()).isNull();
            assertThat(other.workflows().handle("function").input()).isEqualTo(given);
            assertThat(other.workflows().handle("null").input()).isNull();

            assertThat(other.windlass().requests().minus(counted).get()).as("a state, a task; of two a payload, too")
                    .isEqualTo(10);
        }
    }

    @Test
    void endedRun_takesNoMoreRequests() throws Exception {
        release.countDown();
        try (Node node = new Node(bucket).step("k", gated).work()) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 1), "w");
            handle.await(LONG);

            assertThat(handle.cancel("late")).isFalse();
            assertThat(handle.terminate("late")).isFalse();
            assertThatThrownBy(() -> handle.pause("late")).isInstanceOf(WorkflowEndedException.class)
                    .hasMessageContaining("'w'").hasMessageContaining("COMPLETED");
            assertThatThrownBy(handle::resume).isInstanceOf(WorkflowEndedException.class);
            assertThat(handle.await(LONG)).containsOnlyKeys("0");
            assertThat(bucket.text("workflow/w/state.json")).doesNotContain("late");
        }
    }
}
