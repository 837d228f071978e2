package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TypeRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Graphs whose steps are typed code. */
@Timeout(60)
class DagTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {
    };

    private final Bucket bucket = new Bucket();

    record Order(String item, int count, boolean gift) {}

    record Stock(String item, int left) {}

    record Receipt(String text) {}

    /** Can be written as JSON, and not read again. */
    record Odd(Runnable inner) {}

    private static Dag<Order, Receipt> checkout() {
        return Dag.define("checkout", Order.class, Receipt.class, d -> {
            StepRef<Stock> stock = d.step("reserve", Stock.class, (step, order) -> new Stock(order.item(), 7));
            StepRef<Integer> price = d.join("price", Integer.class, d.input(), stock,
                    (step, order, s) -> order.count() * s.left());
            StepRef<String> wrap = d.when(d.input(), Order::gift).join("wrap", String.class, stock,
                    (step, s) -> "wrapped " + s.item());
            return d.join("ship", Receipt.class, d.input(), price, wrap.optional(), (step, order, p,
                    w) -> new Receipt(order.count() + " " + w.orElse("plain " + order.item()) + " for " + p));
        });
    }

    @Test
    void define_stepsAreValues_resultIsTyped_conditionalStepRunsOrIsSkipped() throws Exception {
        Dag<Order, Receipt> dag = checkout();
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();

            DagHandle<Receipt> gift = node.workflows().start(dag, "gift", new Order("book", 2, true));
            DagHandle<Receipt> plain = node.workflows().start(dag, "plain", new Order("book", 3, false));

            assertThat(gift.await(LONG)).isEqualTo(new Receipt("2 wrapped book for 14"));
            assertThat(plain.await(LONG)).isEqualTo(new Receipt("3 plain book for 21"));
            assertThat(plain.workflow().steps()).filteredOn(StepInfo::skipped).singleElement().satisfies(step -> {
                assertThat(step.name()).isEqualTo("wrap");
                assertThat(step.succeeded()).isTrue();
                assertThat(step.result()).isNull();
            });
            assertThat(node.workflows().handle(dag, "gift").await(LONG)).isEqualTo(gift.await(LONG));
        }
    }

    @Test
    void run_ofAGraphThatIsNotRegistered_isLeftAlone_oneThatKnowsItTakesIt() throws Exception {
        Dag<Order, Receipt> dag = checkout();
        Dag<Order, Receipt> next = Dag.define("checkout", Order.class, Receipt.class, d -> {
            d.version(2);
            return d.step("all", Receipt.class, (step, order) -> new Receipt("version 2"));
        });
        try (Node stranger = new Node(bucket)) {
            stranger.workflows().register(next);
            stranger.work();
            DagHandle<Receipt> old = stranger.workflows().start(dag, "old", new Order("book", 1, false));
            // What it cannot run does not keep it from what it can.
            assertThat(stranger.workflows().start(next, "new", new Order("book", 1, false)).await(LONG))
                    .isEqualTo(new Receipt("version 2"));
            assertThat(old.workflow().status()).isEqualTo(WorkflowStatus.PENDING);
            try (Node knows = new Node(bucket)) {
                knows.workflows().register(dag).register(next);
                knows.work();
                assertThat(old.await(LONG)).isEqualTo(new Receipt("1 plain book for 7"));
            }
        }
    }

    @Test
    void start_sameIdOtherInput_refused_sameInput_sameRun() {
        Dag<Order, Receipt> dag = checkout();
        try (Node node = new Node(bucket)) {
            Order order = new Order("book", 2, true);
            node.workflows().start(dag, "w", order);
            assertThat(node.workflows().start(dag, "w", order).run()).isEqualTo(1);
            assertThatThrownBy(() -> node.workflows().start(dag, "w", new Order("pen", 2, true)))
                    .isInstanceOf(WorkflowAlreadyExistsException.class).hasMessageContaining("another input");
        }
    }

    @Test
    void map_results_inTheOrderOfItems_neverMoreAtOnceThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Dag<Integer, Integer> dag = Dag.define("sum of squares", Integer.class, Integer.class, d -> {
            StepRef<List<Integer>> numbers = d.step("numbers", NUMBERS,
                    (step, count) -> IntStream.range(0, count).boxed().toList());
            StepRef<List<Integer>> squares = d.map("square", Integer.class, numbers, 3, (step, number) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.sleep(number % 3);
                now.decrementAndGet();
                return number * number;
            });
            return d.join("sum", Integer.class, numbers, squares, (step, all, squared) -> {
                for (int i = 0; i < all.size(); i++) {
                    assertThat(squared.get(i)).isEqualTo(all.get(i) * all.get(i));
                }
                return squared.stream().mapToInt(Integer::intValue).sum();
            });
        });
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();

            assertThat(node.workflows().start(dag, "w", 100).await(LONG)).isEqualTo(328_350);
            assertThat(most.get()).isBetween(2, 3);
            assertThat(bucket.keys("workflow/w/runs/1/steps/")).hasSize(103);
            assertThat(node.workflows().handle("w").steps()).extracting(StepInfo::name)
                    .containsExactly("numbers", "square", "sum");
            assertThat(node.workflows().start(dag, "none", 0).await(LONG)).isZero();
        }
    }

    @Test
    void map_overTheRunsInput_onTheFleet_everyItemOnce() throws Exception {
        Map<String, Integer> runs = new ConcurrentHashMap<>();
        Dag<List<Integer>, Integer> dag = Dag.defineGeneric("fleet", NUMBERS, new TypeRef<>() {
        }, d -> {
            StepRef<List<String>> texts = d.with(StepOptions.ofDefaults().withPlacement(Placement.FLEET))
                    .map("text", String.class, d.input(), (step, number) -> {
                        runs.merge(step.name(), 1, Integer::sum);
                        return "x".repeat(number);
                    });
            return d.join("length", Integer.class, texts, (step, all) -> all.stream().mapToInt(String::length).sum());
        });
        try (Node owner = new Node(bucket); Node other = new Node(bucket)) {
            owner.workflows().register(dag);
            other.workflows().register(dag);
            owner.work();
            other.work();

            DagHandle<Integer> handle = owner.workflows().start(dag, "w", IntStream.range(0, 60).boxed().toList());

            assertThat(handle.await(LONG)).isEqualTo(1770);
            assertThat(runs).hasSize(60).allSatisfy((name, count) -> assertThat(count).isEqualTo(1));
        }
    }

    @Test
    void map_largeItemsAndLargeInput_goByPayloads() throws Exception {
        TypeRef<List<String>> texts = new TypeRef<>() {
        };
        Dag<List<String>, List<Integer>> dag = Dag.defineGeneric("large", texts, NUMBERS,
                d -> d.with(StepOptions.ofDefaults().withPlacement(Placement.FLEET)).map("length", Integer.class,
                        d.input(), (step, text) -> text.length()));
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();
            List<String> input = List.of("a".repeat(90_000), "b", "c".repeat(70_000));

            assertThat(node.workflows().start(dag, "w", input).await(LONG)).containsExactly(90_000, 1, 70_000);
            assertThat(bucket.keys("payloads/")).hasSize(3); // the input, and the two large items
        }
    }

    @Test
    void map_whoseConditionFails_isSkippedAsAWhole() throws Exception {
        AtomicInteger bodies = new AtomicInteger();
        Dag<List<Integer>, Boolean> dag = Dag.defineGeneric("maybe", NUMBERS, new TypeRef<>() {
        }, d -> {
            StepRef<List<Integer>> all = d.when(d.input(), numbers -> numbers.size() > 1).map("each", Integer.class,
                    d.input(), (step, number) -> bodies.incrementAndGet());
            return d.join("was", Boolean.class, all.optional(), (step, found) -> found.isPresent());
        });
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();
            assertThat(node.workflows().start(dag, "one", List.of(1)).await(LONG)).isFalse();
            assertThat(bodies).hasValue(0);
            assertThat(node.workflows().start(dag, "two", List.of(1, 2)).await(LONG)).isTrue();
            assertThat(bodies).hasValue(2);
        }
    }

    @Test
    void joinAll_manySteps_inOrder() throws Exception {
        Dag<Integer, String> dag = Dag.define("all", Integer.class, String.class, d -> {
            List<StepRef<String>> parts = IntStream.range(0, 5)
                    .mapToObj(i -> d.step("part " + i, String.class, (step, given) -> i + "/" + given)).toList();
            return d.joinAll("text", String.class, parts, (step, all) -> String.join(",", all));
        });
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();
            assertThat(node.workflows().start(dag, "w", 9).await(LONG)).isEqualTo("0/9,1/9,2/9,3/9,4/9");
        }
    }

    @Test
    void define_manyMistakes_allReportedWithNames() {
        StepRef<?>[] foreign = new StepRef<?>[1];
        Dag<Integer, Integer> other = Dag.define("other", Integer.class, Integer.class, d -> {
            StepRef<Integer> one = d.step("one", Integer.class, (step, in) -> in);
            foreign[0] = one;
            return one;
        });
        assertThat(other.name()).isEqualTo("other");

        assertThatThrownBy(() -> Dag.define("bad", Integer.class, Integer.class, d -> {
            d.version(0);
            StepRef<Integer> maybe = d.when(d.input(), number -> number > 1).step("maybe", Integer.class,
                    (step, in) -> in);
            StepRef<Integer> shaky = d.with(StepOptions.ofDefaults().withOnFailure(OnFailure.CONTINUE)).step("shaky",
                    Integer.class, (step, in) -> in);
            d.join("sum", Integer.class, maybe, shaky, (step, a, b) -> a + b);
            d.join("borrowed", Integer.class, foreign[0], (step, a) -> 1);
            return maybe;
        })).isInstanceOf(InvalidInputException.class).hasMessageContaining("version is 0")
                .hasMessageContaining("'sum' takes 'maybe'").hasMessageContaining("maybe.optional()")
                .hasMessageContaining("'sum' takes 'shaky'").hasMessageContaining("'borrowed' takes 'one'")
                .hasMessageContaining("its result is 'maybe', which may be absent");

        assertThatThrownBy(() -> Dag.define("twice", Integer.class, Integer.class, d -> {
            d.step("a", Integer.class, (step, in) -> in);
            d.step("m[1]", Integer.class, (step, in) -> in);
            d.map("m", Integer.class, d.joinAll("list", NUMBERS, List.<StepRef<Integer>>of(), (step, all) -> all),
                    (step, one) -> one);
            return d.step("a", Integer.class, (step, in) -> in);
        })).hasMessageContaining("two steps are called 'a'").hasMessageContaining("like an item of map step 'm'");
    }

    @Test
    void value_thatCannotBeReadAgain_refusedAtTheEdge() {
        Dag<Odd, Integer> dag = Dag.define("odd", Odd.class, Integer.class,
                d -> d.step("one", Integer.class, (step, in) -> 1));
        Dag<Integer, Odd> result = Dag.define("odd result", Integer.class, Odd.class,
                d -> d.step("one", Odd.class, (step, in) -> new Odd(() -> {})));
        try (Node node = new Node(bucket)) {
            assertThatThrownBy(() -> node.workflows().start(dag, "w", new Odd(() -> {})))
                    .isInstanceOf(InvalidInputException.class).hasMessageContaining("input of workflow 'w'");
            assertThat(bucket.keys("")).isEmpty();
            node.workflows().register(result);
            node.work();
            assertThatThrownBy(() -> node.workflows().start(result, "r", 1).await(LONG))
                    .isInstanceOf(WorkflowFailedException.class).hasMessageContaining("result of step 'one'")
                    .hasMessageContaining("1 try");
        }
    }

    @Test
    void optional_ofAStepThatGaveNull_isEmpty() throws Exception {
        Dag<Integer, Boolean> dag = Dag.define("null", Integer.class, Boolean.class, d -> {
            StepRef<String> nothing = d.step("nothing", String.class, (step, in) -> null);
            return d.join("empty", Boolean.class, nothing.optional(), nothing,
                    (step, maybe, value) -> maybe.equals(Optional.empty()) && value == null);
        });
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();
            assertThat(node.workflows().start(dag, "w", 1).await(LONG)).isTrue();
        }
    }

    @Test
    void map_itemFailsForGood_runFailsAndNamesTheItem() throws Exception {
        Dag<List<Integer>, List<Integer>> dag = Dag.defineGeneric("bad item", NUMBERS, NUMBERS,
                d -> d.with(StepOptions.retry(RetryPolicy.none())).map("each", Integer.class, d.input(),
                        (step, number) -> 10 / number));
        try (Node node = new Node(bucket)) {
            node.workflows().register(dag);
            node.work();
            DagHandle<List<Integer>> handle = node.workflows().start(dag, "w", List.of(1, 0, 2));
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("'each[1]'").hasMessageContaining("ArithmeticException");
        }
    }

    private static Dag<Integer, Integer> sum(String... wiring) {
        return Dag.define("sum", Integer.class, Integer.class, d -> {
            StepRef<Integer> one = d.step("one", Integer.class, (step, in) -> in + 1);
            StepRef<Integer> last = one;
            for (String name : wiring) {
                last = d.join(name, Integer.class, last, (step, before) -> before + 1);
            }
            return last;
        });
    }

    /** A run that was started by a definition, and has lost its owner after the first step. */
    private void interrupted(Dag<Integer, Integer> dag) throws InterruptedException {
        CountDownLatch dead = new CountDownLatch(1);
        try (Node starter = new Node(bucket)) {
            Node first = new Node(bucket);
            first.workflows().register(dag);
            first.view().afterPut(key -> {
                if (key.endsWith("/steps/one.json")) {
                    first.view().cut();
                    dead.countDown();
                }
            });
            starter.workflows().start(dag, "w", 1);
            first.work();
            dead.await();
            starter.windlass().retire(first.workerId());
        }
    }

    @Test
    void definition_changed_addedStepIsTaken() throws Exception {
        interrupted(sum("two", "three"));
        Dag<Integer, Integer> more = Dag.define("sum", Integer.class, Integer.class, d -> {
            StepRef<Integer> one = d.step("one", Integer.class, (step, in) -> in + 1);
            StepRef<Integer> two = d.join("two", Integer.class, one, (step, before) -> before + 1);
            d.join("beside", Integer.class, one, (step, before) -> -before);
            return d.join("three", Integer.class, two, (step, before) -> before + 1);
        });
        try (Node next = new Node(bucket)) {
            next.workflows().register(more);
            next.work();
            DagHandle<Integer> handle = next.workflows().handle(more, "w");
            assertThat(handle.await(LONG)).isEqualTo(4);
            assertThat(handle.workflow().steps()).extracting(StepInfo::name).contains("beside");
        }
    }

    @Test
    void definition_changed_removedOrRewired_runPausesWithTheDifference_goesOnWithTheRightOne() throws Exception {
        Dag<Integer, Integer> dag = sum("two", "three");
        interrupted(dag);
        try (Node changed = new Node(bucket)) {
            changed.workflows().register(sum("three"));
            changed.work();
            WorkflowHandle handle = changed.workflows().handle("w");
            while (handle.status() != WorkflowStatus.PAUSED) {
                Thread.onSpinWait();
            }
            assertThat(bucket.text("workflow/w/state.json")).contains("step 'two' is gone")
                    .contains("step 'three' needed [two] and needs [one]");
        }
        try (Node right = new Node(bucket)) {
            right.workflows().register(dag);
            right.work();
            right.workflows().handle("w").resume();
            assertThat(right.workflows().handle(dag, "w").await(LONG)).isEqualTo(4);
        }
    }

    private static DagDefinition named(String... needsOfLast) {
        return DagDefinition.builder("named").step("one", "code", null).step("two", "code", null)
                .step("last", "code", null, needsOfLast).build();
    }

    @Test
    void register_namedGraphRewired_runPausesWithTheDifference() throws Exception {
        try (Node starter = new Node(bucket)) {
            starter.workflows().start(named("one", "two"), "n");
        }
        try (Node changed = new Node(bucket)) {
            changed.workflows().register(named("one"), "code", (step, input, parents) -> step.name());
            changed.work();
            WorkflowHandle handle = changed.workflows().handle("n");
            while (handle.status() != WorkflowStatus.PAUSED) {
                Thread.onSpinWait();
            }
            assertThat(bucket.text("workflow/n/state.json"))
                    .contains("step 'last' needed [one, two] and needs [one]");
        }
        try (Node right = new Node(bucket)) {
            right.workflows().register(named("one", "two"), "code", (step, input, parents) -> step.name());
            right.work();
            right.workflows().handle("n").resume();
            assertThat(right.workflows().handle("n").await(LONG)).containsOnlyKeys("last");
        }
    }
}
