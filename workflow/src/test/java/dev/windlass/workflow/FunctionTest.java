package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import dev.windlass.TaskCancelledException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TypeRef;
import dev.windlass.queue.spi.ParkState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FunctionTest extends FunctionScene<String> {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final WorkflowType<String, String> TYPE = WorkflowType.of("greet", String.class, String.class);
    private static final StepOptions ONCE = StepOptions.retry(RetryPolicy.none());

    record Order(String id, List<Integer> amounts) {}

    FunctionTest() {
        super(TYPE);
    }

    /** Not merely about to be. */
    private static boolean isParked(@Nullable TaskInfo task) {
        return task != null && task.status() == TaskStatus.PENDING && task.parked();
    }

    private static void untilParked(Node node, String id) {
        String taskId = node.windlass().engine().deriveTaskId("workflow", id + "/1");
        while (!isParked(node.windlass().engine().task(taskId))) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A run's result can be read a moment before its task has ended. */
    private static void untilTaskEnds(Node node, String id) {
        String taskId = node.windlass().engine().deriveTaskId("workflow", id + "/1");
        while (node.windlass().engine().parkState(taskId).kind() != ParkState.Kind.ENDED) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void until(WorkflowHandle handle, WorkflowStatus status) {
        while (handle.status() != status) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void steps_runInOrder_resultIsTheFunctions() throws Exception {
        try (Node node = node((ctx, name) -> {
            String a = ctx.step("a", String.class, step -> mark("a") + step.attempt());
            String b = ctx.step("b", String.class, step -> mark("b") + name);
            return a + b;
        }).work(); Node watcher = new Node(bucket)) {
            FunctionHandle<String> handle = watcher.workflows().start(TYPE, "w", "x");

            assertThat(handle.await(LONG)).isEqualTo("a1bx");
            assertThat(begun).containsExactly("a", "b");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
            assertThat(handle.run().steps()).extracting(StepInfo::name).containsExactly("a", "b");
            assertThat(watcher.workflows().start(TYPE, "w", "x").await(LONG)).isEqualTo("a1bx");
            assertThatThrownBy(() -> watcher.workflows().start(TYPE, "w", "y"))
                    .isInstanceOf(WorkflowAlreadyExistsException.class).hasMessageContaining("'w'");
        }
    }

    @Test
    void values_recordsAndLists_areAsAfterDecoding() throws Exception {
        WorkflowType<Order, List<Integer>> type = WorkflowType.ofGeneric("order",
                new TypeRef<Order>() {
                }, new TypeRef<List<Integer>>() {
                });
        try (Node node = new Node(bucket)) {
            node.workflows().workflow(type, (ctx, order) -> {
                Order copy = ctx.step("copy", Order.class, step -> order);
                assertThat(copy).isEqualTo(order).isNotSameAs(order);
                assertThat((Object) ctx.step("none", Void.class, step -> null)).isNull();
                return ctx.map("double", copy.amounts(), Integer.class, 2, StepOptions.ofDefaults(),
                        (step, amount) -> amount * 2);
            });
            node.work();
            assertThat(node.workflows().start(type, "w", new Order("1", List.of(3, 1, 2))).await(LONG))
                    .containsExactly(6, 2, 4);
            assertThat(bucket.keys("workflow/w/runs/1/steps/")).hasSize(5)
                    .anyMatch(key -> key.endsWith("double%5B1%5D.json"));
        }
    }

    @Test
    void names_usedTwice_countUp_andForAnotherKindAreRefused() throws Exception {
        try (Node node = node((ctx, name) -> {
            for (int i = 0; i < 3; i++) {
                int turn = i;
                ctx.step("s", String.class, step -> mark(step.name() + turn));
            }
            assertThatThrownBy(() -> ctx.signal("s", String.class)).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'s'").hasMessageContaining("step").hasMessageContaining("signal");
            assertThatThrownBy(() -> ctx.step("s#2", String.class, step -> ""))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> ctx.step("", String.class, step -> "")).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> ctx.sleep(Duration.ofSeconds(-1))).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("PT-1S");
            assertThatThrownBy(() -> ctx.step("q", String.class, StepOptions.ofDefaults().withQueue("gpu"), step -> ""))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("gpu");
            return "";
        }).work()) {
            node.workflows().start(TYPE, "w", "x").await(LONG);
            assertThat(begun).containsExactly("s0", "s#21", "s#32");
        }
    }

    @Test
    void owner_dies_functionRunsAgain_recordedStepsDoNot() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        WorkflowFunction<String, String> function = (ctx, name) -> {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 250; i++) {
                int turn = i;
                all.append(ctx.step("s", Integer.class, step -> {
                    mark("" + turn);
                    return turn;
                }) % 10);
            }
            return all.toString();
        };
        try (Node starter = new Node(bucket)) {
            Node first = node(function);
            AtomicInteger count = new AtomicInteger();
            first.view().afterPut(key -> {
                if (key.contains("/steps/") && count.incrementAndGet() == 220) {
                    first.view().cut();
                    dead.countDown();
                }
            });
            FunctionHandle<String> handle = starter.workflows().start(TYPE, "w", "x");
            first.work();
            dead.await();
            starter.windlass().retire(first.workerId());
            begun.clear();
            try (Node second = node(function).work()) {
                assertThat(handle.await(LONG)).hasSize(250);
                assertThat(begun).hasSizeBetween(30, 31);
                assertThat(second.view().gets()).filteredOn(key -> key.contains("/steps/")).hasSizeLessThan(160);
            }
        }
    }

    @Test
    void step_fails_isTriedAgain_andItsFailureCanBeCaught() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Node node = node((ctx, name) -> {
            String flaky = ctx.step("flaky", String.class,
                    StepOptions.retry(RetryPolicy.fixed(3, Duration.ofMillis(1))), step -> {
                        if (step.attempt() < 3) {
                            throw new IllegalStateException("not yet");
                        }
                        return "third";
                    });
            String caught;
            try {
                caught = ctx.step("bad", String.class, StepOptions.retry(RetryPolicy.exponential(9))
                        .withNonRetryable(IllegalArgumentException.class), step -> {
                            tries.incrementAndGet();
                            throw new IllegalArgumentException("no good");
                        });
            } catch (StepFailedException e) {
                caught = e.step() + e.error().type();
            }
            String absent = ctx.step("optional", String.class, ONCE.withOnFailure(OnFailure.CONTINUE), step -> {
                throw new IllegalStateException("never mind");
            });
            return flaky + caught + absent;
        }).work()) {
            assertThat(node.workflows().start(TYPE, "w", "x").await(LONG))
                    .isEqualTo("thirdbadjava.lang.IllegalArgumentExceptionnull");
            assertThat(tries).hasValue(1);
        }
    }

    @Test
    void step_failsAndNobodyCatches_runFailsAndNamesIt() throws Exception {
        try (Node node = node((ctx, name) -> ctx.step("bad", String.class, ONCE, step -> {
            throw new IllegalStateException("no good");
        })).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("'bad'").hasMessageContaining("1 try").hasMessageContaining("no good");
        }
    }

    @Test
    void step_atMostOnce_onePutMore_oneTry_outcomeUnknownWhenItsOwnerDies() throws Exception {
        StepOptions once = StepOptions.retry(RetryPolicy.fixed(4, Duration.ofMillis(1))).withAtMostOnce();
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        WorkflowFunction<String, String> function = (ctx, what) -> {
            try {
                return ctx.step("pay", String.class, once, step -> {
                    mark(what);
                    if (what.equals("fails")) {
                        throw new IllegalStateException("no money");
                    } else if (what.equals("dies")) {
                        in.countDown();
                        never.await();
                    }
                    return "paid";
                });
            } catch (StepFailedException e) {
                return e.error().type() + ": " + e.error().message();
            }
        };
        try (Node starter = new Node(bucket)) {
            Node first = node(function).work();
            assertThat(starter.workflows().start(TYPE, "good", "works").await(LONG)).isEqualTo("paid");
            assertThat(bucket.keys("workflow/good/runs/1/begun/"))
                    .containsExactly("workflow/good/runs/1/begun/pay.json");
            assertThat(starter.workflows().start(TYPE, "bad", "fails").await(LONG)).contains("no money");
            FunctionHandle<String> handle = starter.workflows().start(TYPE, "w", "dies");
            in.await();
            first.view().cut();
            starter.windlass().retire(first.workerId());
            try (Node second = node(function).work()) {
                assertThat(handle.await(LONG)).startsWith(StepOptions.OUTCOME_UNKNOWN);
                assertThat(begun).containsExactly("works", "fails", "dies");
                assertThat(second.finished()).isLessThanOrEqualTo(2);
            }
            never.countDown();
        }
    }

    @Test
    void step_atMostOnce_pause_resumeIsTheDecisionToBeginOnceMore() throws Exception {
        try (Node node = node((ctx, name) -> ctx.step("pay", String.class,
                StepOptions.ofDefaults().withAtMostOnce().withOnFailure(OnFailure.PAUSE), step -> {
                    if (begun.size() < 2) {
                        throw new IllegalStateException("no money: " + mark("pay"));
                    }
                    return "paid";
                })).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            for (int times = 1; times <= 2; times++) {
                until(handle.run(), WorkflowStatus.PAUSED);
                assertThat(begun).hasSize(times);
                handle.run().resume();
                int now = times;
                while (begun.size() == now && handle.status() != WorkflowStatus.COMPLETED) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            assertThat(handle.await(LONG)).isEqualTo("paid");
        }
    }

    @Test
    void call_elsewhere_failureThatPauses_isSentAnewWhenResumed() throws Exception {
        StepType<String, String> type = StepType.of("pay", String.class, String.class);
        try (Node owner = node((ctx, name) -> ctx.callAsync(type, name,
                StepOptions.retry(RetryPolicy.none()).withOnFailure(OnFailure.PAUSE)).get())
                .work(options -> options.withParkAfter(Duration.ofMillis(20)))) {
            Node helper = new Node(bucket);
            helper.workflows().stepType(type, (step, input) -> {
                if (mark(step.name()).isEmpty() || begun.size() == 1) {
                    throw new IllegalStateException("bank is closed");
                }
                return "paid";
            });
            try (Node working = helper.work()) {
                FunctionHandle<String> handle = owner.workflows().start(TYPE, "w", "x");
                until(handle.run(), WorkflowStatus.PAUSED);
                assertThat(bucket.text("workflow/w/state.json")).contains("bank is closed").contains("'pay'");
                assertThat(bucket.keys("workflow/w/runs/1/steps/")).isEmpty();
                handle.run().resume();
                assertThat(handle.await(LONG)).isEqualTo("paid");
                assertThat(begun).hasSize(2);
                assertThat(working.finished()).isPositive();
            }
        }
    }

    @Test
    void step_timesOut_isInterruptedAndCountsAsFailed() throws Exception {
        try (Node node = node((ctx, name) -> ctx.step("slow", String.class,
                ONCE.withTimeout(Duration.ofMillis(20)), step -> {
                    new CountDownLatch(1).await();
                    return "";
                })).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> handle.await(LONG)).hasMessageContaining("PT0.02S");
        }
    }

    @Test
    void signal_parkedRun_isWokenByTwoPuts_andDeliveredOnce() throws Exception {
        try (Node node = node((ctx, name) -> {
            String before = ctx.step("before", String.class, step -> mark("before"));
            String first = ctx.awaitSignal("go", String.class);
            String second = ctx.awaitSignal("go", String.class);
            return before + first + second;
        }).work(); Node sender = new Node(bucket)) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            untilParked(sender, "w");
            assertThat(sender.workflows().handle("w").status()).isEqualTo(WorkflowStatus.WAITING);
            var counted = sender.windlass().requests();

            sender.workflows().handle("w").signal("go", "1", "id-1");

            var spent = sender.windlass().requests().minus(counted);
            assertThat(spent.put()).isEqualTo(2);
            assertThat(spent.get()).isEqualTo(2); // of which one finds the handle
            sender.workflows().handle("w").signal("go", "1", "id-1");
            sender.workflows().handle("w").signal("go", "2", "id-2");
            assertThat(handle.await(LONG)).isEqualTo("before12");
            assertThat(begun).containsExactly("before");
            untilTaskEnds(node, "w");
            assertThatThrownBy(() -> handle.signal("go", "3")).isInstanceOf(WorkflowEndedException.class);
            assertThat(bucket.keys("workflow/w/signals/")).noneMatch(key -> bucket.text(key).contains("\"3\""));
        }
    }

    @Test
    void signals_beforeTheStart_areDeliveredInTheOrderSent() throws Exception {
        try (Node node = node((ctx, name) -> {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                all.append(ctx.awaitSignal("n", Integer.class));
            }
            return all.toString();
        })) {
            for (int i = 0; i < 5; i++) {
                node.workflows().signal("w", "n", i, "id" + (9 - i));
            }
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            node.work();
            assertThat(handle.await(LONG)).isEqualTo("01234");
        }
    }

    @Test
    void signal_tooLargeOrOfAReservedName_isRefusedAndNothingIsWritten() {
        try (Node node = node((ctx, name) -> "")) {
            WorkflowHandle handle = node.workflows().start(TYPE, "w", "x").run();
            assertThatThrownBy(() -> handle.signal("s", "x".repeat(10_000_000)))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("10000002")
                    .hasMessageContaining("262144");
            for (String name : List.of("~child", "go#2", "n".repeat(181), "")) {
                assertThatThrownBy(() -> handle.signal(name, "x")).isInstanceOf(InvalidInputException.class);
            }
            assertThat(bucket.keys("workflow/w/signals/")).isEmpty();
        }
    }

    @Test
    void signal_toAGraph_isRefusedAndNothingIsWritten() {
        try (Node node = new Node(bucket)) {
            DagDefinition dag = DagDefinition.builder("g").step("a", "k", null).build();
            WorkflowHandle started = node.workflows().start(dag, "w");
            for (WorkflowHandle handle : List.of(started, node.workflows().handle("w"))) {
                assertThatThrownBy(() -> handle.signal("go", "x")).isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("'w'").hasMessageContaining("graph").hasMessageContaining("'go'");
            }
            assertThatThrownBy(() -> node.workflows().signal("w", "go", "x", "id"))
                    .isInstanceOf(InvalidInputException.class);
            assertThat(bucket.keys("workflow/w/")).containsExactly("workflow/w/state.json");
        }
    }

    @Test
    void signal_doesNotCome_timesOut_andTheFunctionGoesOn() throws Exception {
        try (Node node = node((ctx, name) -> {
            try {
                return ctx.awaitSignal("go", String.class, Duration.ofMillis(50));
            } catch (SignalTimeoutException e) {
                return e.signal() + " late";
            }
        }).work()) {
            assertThat(node.workflows().start(TYPE, "w", "x").await(LONG)).isEqualTo("go late");
        }
    }

    @Test
    void sleep_long_parksUntilItsTime_andCostsOnePutMore() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Node node = node((ctx, name) -> {
            runs.incrementAndGet();
            ctx.step("a", String.class, step -> mark("a"));
            ctx.sleep(Duration.ofSeconds(4));
            return ctx.step("b", String.class, step -> mark("b"));
        }).work(); Node watcher = new Node(bucket)) {
            Instant begin = Instant.now();
            FunctionHandle<String> handle = watcher.workflows().start(TYPE, "w", "x");
            untilParked(watcher, "w");
            assertThat(handle.await(LONG)).isEqualTo("b");
            assertThat(Duration.between(begin, Instant.now())).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
            assertThat(begun).containsExactly("a", "b");
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void promises_allAndAny_andReplaysSeeTheSameFirst() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<String> firsts = new ArrayList<>();
        try (Node node = node((ctx, name) -> {
            Promise<String> slow = ctx.stepAsync("slow", String.class, ONCE.withTimeout(null), step -> {
                never.await();
                return "slow";
            });
            Promise<String> quick = ctx.stepAsync("quick", String.class, ONCE, step -> "quick");
            Promise<String> first = ctx.any(List.of(slow, quick));
            firsts.add(first.name());
            never.countDown();
            ctx.all(List.of(slow, quick));
            ctx.awaitSignal("go", Void.class);
            return first.get() + slow.get();
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            untilParked(node, "w");
            handle.signal("go", null);
            assertThat(handle.await(LONG)).isEqualTo("quickslow");
            assertThat(firsts).containsExactly("quick", "quick");
        }
    }

    @Test
    void map_manyItems_boundedAtOnce_resultsInOrder() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> items = IntStream.range(0, 60).boxed().toList();
        try (Node node = node((ctx, name) -> ctx.map("m", items, Integer.class, 3, ONCE, (step, item) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            LockSupport.parkNanos(500_000);
            now.decrementAndGet();
            return item * item;
        }).toString()).work()) {
            assertThat(node.workflows().start(TYPE, "w", "x").await(LONG))
                    .isEqualTo(items.stream().map(item -> item * item).toList().toString());
            assertThat(most.get()).isBetween(1, 3);
        }
    }

    @Test
    void nowRandomUuid_areTheSameWhenTheFunctionRunsAgain() throws Exception {
        List<String> seen = new ArrayList<>();
        try (Node node = node((ctx, name) -> {
            Instant now = ctx.now();
            UUID uuid = ctx.uuid();
            seen.add(now + " " + uuid + " " + ctx.random().nextLong() + " " + ctx.log().getName());
            assertThat(ctx.uuid()).isNotEqualTo(uuid);
            ctx.step("recorded", String.class, step -> "so what came before is known to be a repetition");
            ctx.awaitSignal("go", Void.class);
            assertThat(ctx.now()).isAfterOrEqualTo(now);
            return "";
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            untilParked(node, "w");
            handle.signal("go", null);
            handle.await(LONG);
            assertThat(seen).hasSize(2);
            assertThat(seen.get(0)).startsWith(seen.get(1).substring(0, seen.get(1).lastIndexOf(' ')))
                    .endsWith("function");
            assertThat(seen.get(1)).endsWith("NOP");
        }
    }

    @Test
    void code_changed_runPausesAndSaysBoth_goesOnWithTheOldCode() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>("charge");
        try (Node node = node((ctx, name) -> {
            ctx.step("reserve", String.class, step -> mark("reserve"));
            ctx.step(asked.get(), String.class, step -> mark(asked.get()));
            ctx.awaitSignal("go", Void.class);
            return "done";
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            untilParked(node, "w");
            asked.set("pay");
            handle.signal("go", null);

            until(handle.run(), WorkflowStatus.PAUSED);
            untilParked(node, "w");
            assertThat(bucket.text("workflow/w/state.json")).contains("position 1").contains("'pay'")
                    .contains("'charge'");

            asked.set("charge");
            handle.run().resume();
            assertThat(handle.await(LONG)).isEqualTo("done");
            assertThat(begun).containsExactly("reserve", "charge");
        }
    }

    @Test
    void code_endsEarlierThanBefore_runPauses() throws Exception {
        AtomicReference<Boolean> early = new AtomicReference<>(false);
        try (Node node = node((ctx, name) -> {
            if (!early.get()) {
                ctx.step("a", String.class, step -> mark("a"));
                ctx.awaitSignal("go", Void.class);
            }
            return "done";
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            untilParked(node, "w");
            early.set(true);
            handle.signal("go", null);
            until(handle.run(), WorkflowStatus.PAUSED);
            assertThat(bucket.text("workflow/w/state.json")).contains("it ended before it asked for anything");
            untilParked(node, "w");
            early.set(false);
            handle.run().resume();
            assertThat(handle.await(LONG)).isEqualTo("done");
        }
    }

    @Test
    void patched_oldRunsGoTheOldWay_newOnesTheNew() throws Exception {
        AtomicReference<Boolean> patched = new AtomicReference<>(false);
        try (Node node = node((ctx, name) -> {
            ctx.step("a", String.class, step -> mark(name + "a"));
            if (patched.get() && ctx.patched("fraud")) {
                ctx.step("fraud", String.class, step -> mark(name + "fraud"));
            }
            ctx.step("b", String.class, step -> mark(name + "b"));
            ctx.awaitSignal("go", Void.class);
            return "done";
        }).work()) {
            FunctionHandle<String> old = node.workflows().start(TYPE, "old", "old-");
            untilParked(node, "old");
            patched.set(true);
            FunctionHandle<String> fresh = node.workflows().start(TYPE, "new", "new-");
            untilParked(node, "new");
            old.signal("go", null);
            fresh.signal("go", null);
            assertThat(old.await(LONG)).isEqualTo("done");
            assertThat(fresh.await(LONG)).isEqualTo("done");
            assertThat(begun).containsExactly("old-a", "old-b", "new-a", "new-fraud", "new-b");
        }
    }

    @Test
    void call_typeKnownHereOrElsewhere_runsThere() throws Exception {
        StepType<Integer, Integer> near = StepType.of("near", Integer.class, Integer.class);
        StepType<Integer, Integer> far = StepType.of("far", Integer.class, Integer.class);
        try (Node node = node((ctx, name) -> {
            int a = ctx.call(near, 1);
            List<Integer> b = ctx.mapCalls("fan", List.of(1, 2, 3, 4), far, 2, StepOptions.ofDefaults());
            return a + " " + b;
        }); Node other = new Node(bucket)) {
            node.workflows().stepType(near, (step, value) -> value + 1);
            other.workflows().stepType(far, (step, value) -> value * 10);
            node.work();
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            other.work();
            assertThat(handle.await(LONG)).isEqualTo("2 [10, 20, 30, 40]");
            assertThat(handle.run().steps()).filteredOn(StepInfo::fleet).hasSize(4)
                    .allMatch(step -> other.workerId().equals(step.worker()));
        }
    }

    @Test
    void child_resultComesToTheParent_failureToo() throws Exception {
        WorkflowType<Integer, Integer> square = WorkflowType.of("square", Integer.class, Integer.class);
        try (Node node = node((ctx, name) -> {
            int nine = ctx.child(square, ctx.workflowId() + "/a", 3);
            try {
                return "" + ctx.child(square, ctx.workflowId() + "/b", -1);
            } catch (StepFailedException e) {
                return nine + " " + e.error().message();
            }
        })) {
            node.workflows().workflow(square, (ctx, number) -> {
                if (number < 0) {
                    throw new IllegalArgumentException("negative");
                }
                return ctx.step("square", Integer.class, step -> number * number);
            });
            node.work();
            assertThat(node.workflows().start(TYPE, "w", "x").await(LONG)).isEqualTo("9 negative");
        }
    }

    @Test
    void cancel_parent_cancelsItsChild_butNotAnAbandonedOne() throws Exception {
        WorkflowType<String, String> waiting = WorkflowType.of("waiting", String.class, String.class);
        try (Node node = node((ctx, name) -> {
            ctx.childAsync(waiting, "bound", "x", ChildOptions.ofDefaults());
            ctx.childAsync(waiting, "free", "x", ChildOptions.ofDefaults().abandoned());
            ctx.step("started", String.class, step -> mark("started"));
            return ctx.awaitSignal("never", String.class);
        })) {
            node.workflows().workflow(waiting, (ctx, name) -> ctx.awaitSignal("go", String.class));
            node.work();
            FunctionHandle<String> parent = node.workflows().start(TYPE, "w", "x");
            untilParked(node, "w");
            untilParked(node, "bound");
            untilParked(node, "free");

            parent.cancel("enough");

            assertThatThrownBy(() -> parent.await(LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("enough");
            assertThatThrownBy(() -> node.workflows().handle(waiting, "bound").await(LONG))
                    .isInstanceOf(TaskCancelledException.class).hasMessageContaining("'w'");
            node.workflows().handle("free").signal("go", "on");
            assertThat(node.workflows().handle(waiting, "free").await(LONG)).isEqualTo("on");
        }
    }

    @Test
    void cancel_functionThatReturnsWithoutAWait_endsTheRun() throws Exception {
        try (Node node = node((ctx, name) -> mark("returned " + name))) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            handle.cancel("enough");
            node.work();
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(TaskCancelledException.class)
                    .hasMessageContaining("enough");
            assertThat(begun).as("it runs, so that what it had begun is known").containsExactly("returned x");
        }
    }

    @Test
    void failure_thatPauses_isTriedAnewWhenResumed() throws Exception {
        AtomicReference<Boolean> broken = new AtomicReference<>(true);
        AtomicInteger tries = new AtomicInteger();
        try (Node node = node(
                (ctx, name) -> ctx.step("pay", String.class, ONCE.withOnFailure(OnFailure.PAUSE), step -> {
                    tries.incrementAndGet();
                    if (broken.get()) {
                        throw new IllegalStateException("bank is closed");
                    }
                    return "paid";
                })).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            until(handle.run(), WorkflowStatus.PAUSED);
            assertThat(bucket.text("workflow/w/state.json")).contains("bank is closed").contains("'pay'");
            assertThat(tries).as("no try beyond the allowed ones, before the pause").hasValue(1);
            broken.set(false);
            handle.run().resume();
            assertThat(handle.await(LONG)).isEqualTo("paid");
        }
    }

    @Test
    void retry_failedRun_isAnotherRunThatRepeatsOnlyWhatFailed() throws Exception {
        AtomicReference<Boolean> broken = new AtomicReference<>(true);
        try (Node node = node((ctx, name) -> {
            String a = ctx.step("a", String.class, step -> mark("a" + step.run()));
            String go = ctx.awaitSignal("go", String.class);
            return ctx.step("b", String.class, ONCE, step -> {
                if (broken.get()) {
                    throw new IllegalStateException("down");
                }
                return a + go;
            });
        }).work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> handle.run().retry()).isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'w'");
            handle.signal("go", "!");
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class);
            broken.set(false);

            WorkflowHandle second = handle.run().retry();

            assertThat(second.run()).isEqualTo(2);
            assertThat(node.workflows().handle(TYPE, "w").await(LONG)).isEqualTo("a1!");
            assertThat(begun).containsExactly("a1");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.FAILED);
            assertThat(node.workflows().info("w").run()).isEqualTo(2);
        }
    }

    @Test
    void find_byStatusAndName_readsStates() throws Exception {
        try (Node node = node((ctx, name) -> name).work()) {
            node.workflows().start(TYPE, "a/1", "x").await(LONG);
            node.workflows().start(WorkflowType.of("other", String.class, String.class), "b", "y");

            assertThat(node.workflows().find(info -> true, 10)).extracting(WorkflowInfo::id).containsExactly("a/1",
                    "b");
            assertThat(node.workflows().find(info -> info.status() == WorkflowStatus.COMPLETED, 10)).singleElement()
                    .satisfies(info -> {
                        assertThat(info.name()).isEqualTo("greet");
                        assertThat(info.function()).isTrue();
                        assertThat(info.endedAt()).isNotNull();
                    });
            assertThat(node.workflows().find(info -> true, 1)).hasSize(1);
        }
    }

    @Test
    void version_unknownToAWorker_isLeftToOthers() throws Exception {
        WorkflowType<String, String> second = TYPE.withVersion(2);
        try (Node old = node((ctx, name) -> "one").work(); Node next = new Node(bucket)) {
            FunctionHandle<String> handle = old.workflows().start(second, "w", "x");
            assertThat(old.workflows().start(TYPE, "v", "x").await(LONG)).isEqualTo("one");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.PENDING);
            next.workflows().workflow(second, (ctx, name) -> "two");
            next.work();
            assertThat(handle.await(LONG)).isEqualTo("two");
        }
    }

    @Test
    void context_usedByAnotherThreadOrAfterTheEnd_isRefused() throws Exception {
        AtomicReference<WorkflowContext> leaked = new AtomicReference<>();
        try (Node node = node((ctx, name) -> {
            leaked.set(ctx);
            return ctx.step("s", String.class, step -> {
                assertThatThrownBy(ctx::now).isInstanceOf(IllegalStateException.class).hasMessageContaining("thread");
                return "done";
            });
        }).work()) {
            assertThat(node.workflows().start(TYPE, "w", "x").await(LONG)).isEqualTo("done");
            assertThatThrownBy(() -> leaked.get().now()).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("ended");
        }
    }

    @Test
    void result_thatCannotBeReadAgain_failsTheStep() throws Exception {
        try (Node node = node((ctx, name) -> ctx.step("s", Opaque.class, ONCE, step -> new Three()).getNumber() + "")
                .work()) {
            FunctionHandle<String> handle = node.workflows().start(TYPE, "w", "x");
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("'s'").hasMessageContaining("cannot be read again");
        }
    }

    /** No mapper can make one of it: it is abstract. */
    abstract static class Opaque {
        abstract int getNumber();
    }

    /** What a step gives. */
    static final class Three extends Opaque {
        @Override
        @SuppressWarnings("unused") // a mapper writes it
        public int getNumber() {
            return 3;
        }
    }
}
