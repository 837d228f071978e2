package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskCancelledException;
import dev.windlass.queue.spi.ParkState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of durable functions that go on as new ones. */
@Timeout(120)
class ContinueTest extends FunctionScene<Integer> {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final WorkflowType<Integer, String> COUNTER = WorkflowType.of("counter", Integer.class,
            String.class);

    ContinueTest() {
        super(COUNTER);
    }

    @Test
    void continueAsNew_untilItIsEnough_eachRunBeginsAfresh_theFirstHandleGivesTheLastResult() throws Exception {
        try (Node node = node((ctx, count) -> {
            String done = ctx.step("work", String.class, step -> mark(step.run() + ":" + count));
            return count == 3 ? done + " of run " + ctx.run() : ctx.continueAsNew(COUNTER, count + 1);
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(COUNTER, "w", 0);

            assertThat(handle.await(LONG)).isEqualTo("4:3 of run 4");
            assertThat(begun).containsExactly("1:0", "2:1", "3:2", "4:3");
            assertThat(handle.run().run()).isOne();
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
            assertThat(handle.run().steps()).extracting(StepInfo::name).containsExactly("work", "~continue");
            assertThat(handle.run().progress().finished()).isOne();
            assertThat(node.workflows().info("w").run()).isEqualTo(4);
            assertThat(node.workflows().start(COUNTER, "w", 0).run().run()).as("the same start").isEqualTo(4);
            assertThatThrownBy(() -> node.workflows().start(COUNTER, "w", 3))
                    .isInstanceOf(WorkflowAlreadyExistsException.class);
        }
    }

    @Test
    void signals_sentToWhicheverRun_areEachConsumedOnceInOrder() throws Exception {
        try (Node node = node((ctx, count) -> {
            String one = ctx.awaitSignal("go", String.class);
            ctx.step("got", String.class, step -> mark(one));
            Promise<String> open = ctx.signal("open", String.class);
            return count == 4 ? one + open.name() : ctx.continueAsNew(COUNTER, count + 1);
        })) {
            node.workflows().signal("w", "go", "a", "s1");
            node.workflows().signal("w", "go", "a", "s1");
            FunctionHandle<String> first = node.workflows().start(COUNTER, "w", 0);
            first.signal("go", "b", "s2");
            node.work();
            while (first.status() != WorkflowStatus.WAITING || begun.size() < 2) {
                LockSupport.parkNanos(1_000_000);
            }
            first.signal("go", "c", "s3");
            first.signal("go", "a", "s1");
            first.signal("go", "d", "s4");
            node.workflows().signal("w", "go", "b", "s2");
            node.workflows().signal("w", "go", "e", "s5");

            assertThat(first.await(LONG)).isEqualTo("eopen");
            assertThat(begun).containsExactly("a", "b", "c", "d", "e");
            // The state tells of the end shortly before the task has ended, which is what a signal goes by.
            String task = node.windlass().engine().deriveTaskId("workflow", "w/5");
            while (node.windlass().engine().parkState(task).kind() != ParkState.Kind.ENDED) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThatThrownBy(() -> first.signal("go", "f")).isInstanceOf(WorkflowEndedException.class);
            while (!bucket.keys("workflow/w/signals/").isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Test
    void cancel_byTheFirstHandle_endsTheRunThatHasFollowed() throws Exception {
        var third = new CountDownLatch(1);
        try (Node node = node((ctx, count) -> {
            if (count == 2) {
                third.countDown();
                return ctx.awaitSignal("never", String.class);
            }
            return ctx.continueAsNew(COUNTER, count + 1);
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(COUNTER, "w", 0);
            third.await();
            handle.run().pause("for a while");
            assertThat(node.workflows().handle("w").status()).isEqualTo(WorkflowStatus.PAUSED);
            handle.run().resume();

            assertThat(handle.cancel("enough")).isTrue();

            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("enough");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.CANCELLED);
            assertThat(bucket.text("workflow/w/runs/1/result.json")).contains("\"status\":\"COMPLETED\"")
                    .contains("\"goesOn\":true");
        }
    }

    @Test
    void cancel_askedOfARunThatGoesOn_holdsForTheNext() throws Exception {
        try (Node node = node((ctx, count) -> {
            if (count == 0) {
                // After the last look of this owner, before the state says that the next run has begun.
                try (Node client = new Node(bucket)) {
                    client.workflows().handle("w").cancel("just now");
                }
                return ctx.continueAsNew(COUNTER, 1);
            }
            return ctx.awaitSignal("never", String.class);
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(COUNTER, "w", 0);
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("just now");
        }
    }

    @Test
    void child_thatGoesOn_tellsItsParentOfTheLastEnd() throws Exception {
        WorkflowType<String, String> parent = WorkflowType.of("parent", String.class, String.class);
        try (Node node = node((ctx, count) -> count == 2
                ? "counted to " + count
                : ctx.continueAsNew(COUNTER, count + 1))) {
            node.workflows().workflow(parent, (ctx, name) -> ctx.child(COUNTER, "c", 0) + " for " + name);
            node.work();
            assertThat(node.workflows().start(parent, "p", "x").await(LONG)).isEqualTo("counted to 2 for x");
        }
    }

    @Test
    void continueAsNew_anotherVersion_isRunByThat_andLargeInputsArriveWhole() throws Exception {
        WorkflowType<String, String> one = WorkflowType.of("large", String.class, String.class);
        WorkflowType<String, String> two = one.withVersion(2);
        try (Node node = new Node(bucket)) {
            node.workflows().workflow(one, (ctx, text) -> ctx.continueAsNew(two, text + "x".repeat(300_000)))
                    .workflow(two, (ctx, text) -> "two " + text.length());
            node.work();
            assertThat(node.workflows().start(one, "w", "ab").await(LONG)).isEqualTo("two 300002");
        }
    }

    @Test
    void continueAsNew_wrongTypeOrInput_isRefusedAndTheRunGoesOn() throws Exception {
        WorkflowType<Integer, String> other = WorkflowType.of("other", Integer.class, String.class);
        try (Node node = node((ctx, count) -> {
            assertThatThrownBy(() -> ctx.continueAsNew(other, 1)).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'counter'").hasMessageContaining("'other'");
            return "still here";
        }).work()) {
            assertThat(node.workflows().start(COUNTER, "w", 0).await(LONG)).isEqualTo("still here");
        }
    }
}
