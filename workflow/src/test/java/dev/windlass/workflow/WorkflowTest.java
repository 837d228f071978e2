package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.store.RequestCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Timeout(60)
class WorkflowTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    /** Joins the parents' results and the step's own name. */
    private static final StepHandler JOIN = (step, input, parents) -> {
        StringBuilder text = new StringBuilder();
        parents.values().forEach(parent -> text.append(parent.asString()));
        return text.append(step.name()).toString();
    };

    private final Bucket bucket = new Bucket();

    static DagDefinition chain(String name, int length) {
        DagDefinition.Builder builder = DagDefinition.builder(name).step("0", "k", null);
        for (int i = 1; i < length; i++) {
            builder.step(Integer.toString(i), "k", null, Integer.toString(i - 1));
        }
        return builder.build();
    }

    @Test
    void chain_happyPath_requestsWithinTheCostModel() throws Exception {
        int length = 10;
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> step.name()).work();
                Node watcher = new Node(bucket)) {
            node.workflows().start(chain("warm-up", 2), "warm-up");
            watcher.workflows().handle("warm-up").await(LONG);
            settled(node, 1);
            RequestCounts before = node.windlass().requests();

            node.workflows().start(chain("chain", length), "chain");
            Map<String, JsonNode> results = watcher.workflows().handle("chain").await(LONG);
            settled(node, 2);
            RequestCounts spent = node.windlass().requests().minus(before);

            assertThat(results).containsOnlyKeys("9");
            assertThat(spent.put()).as("PUT").isLessThanOrEqualTo(length + 8);
            assertThat(spent.get()).as("GET").isLessThanOrEqualTo(4);
            assertThat(bucket.keys("workflow/chain/")).hasSize(length + 2);
        }
    }

    /** Waits until the worker has finished so many claims: its last put comes after the run's end is known. */
    private static void settled(Node node, int claims) {
        while (node.finished() < claims) {
            Thread.onSpinWait();
        }
    }

    @Test
    void diamond_parentsResultsArrive_inOrderOfNeeds() throws Exception {
        DagDefinition dag = DagDefinition.builder("diamond").step("a", "k", null).step("b", "k", null, "a")
                .step("c", "k", null, "a").step("d", "k", null, "c", "b").build();
        try (Node node = new Node(bucket).step("k", JOIN).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "a/b é");

            assertThat(handle.await(LONG).get("d")).hasToString("\"acabd\"");
            assertThat(handle.steps()).extracting(StepInfo::name).containsExactly("a", "b", "c", "d");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
            assertThat(handle.progress()).isEqualTo(new WorkflowProgress(WorkflowStatus.COMPLETED, 4, 4));
        }
    }

    @Test
    void fanOut_twoWorkers_fleetHelps_eachStepOnce() throws Exception {
        Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
        StepHandler slow = (step, input, parents) -> {
            runs.computeIfAbsent(step.name(), name -> new AtomicInteger()).incrementAndGet();
            Thread.sleep(40);
            return JOIN.handle(step, input, parents);
        };
        DagDefinition.Builder dag = DagDefinition.builder("fan").step("root", "k", null);
        String[] middle = new String[200];
        for (int i = 0; i < middle.length; i++) {
            middle[i] = "m" + i;
            dag.step(middle[i], "k", null, "root");
        }
        dag.step("end", "k", null, middle);
        try (Node one = new Node(bucket).step("k", slow).work(options -> options.withLocalParallelism(4)
                .withFleetConcurrency(4));
                Node two = new Node(bucket).step("k", slow).work(options -> options.withLocalParallelism(4)
                        .withFleetConcurrency(4))) {
            WorkflowHandle handle = one.workflows().start(dag.build(), "fan");

            assertThat(handle.await(LONG)).containsOnlyKeys("end");
            assertThat(runs).hasSize(202).allSatisfy((name, count) -> assertThat(count).hasValue(1));
            assertThat(handle.steps()).filteredOn(StepInfo::fleet).hasSizeGreaterThan(10);
            assertThat(handle.steps()).extracting(StepInfo::worker).contains(one.workerId(), two.workerId());
        }
    }

    @Test
    void step_failsForGood_runFailsAndNamesIt_nothingMoreStarts() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        DagDefinition dag = DagDefinition.builder("g")
                .step(DagStep.of("bad", "bad", null, List.of()).withRetry(RetryPolicy.fixed(3, Duration.ofMillis(1))))
                .step("after", "k", null, "bad").build();
        try (Node node = new Node(bucket).step("k", JOIN).step("bad", (step, input, parents) -> {
            assertThat(step.attempt()).isEqualTo(tries.incrementAndGet());
            throw new IllegalArgumentException("no good");
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");

            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("'bad'").hasMessageContaining("3 tries").hasMessageContaining("no good");
            assertThat(tries).hasValue(3);
            assertThat(handle.status()).isEqualTo(WorkflowStatus.FAILED);
            assertThat(handle.steps()).singleElement().satisfies(step -> {
                assertThat(step.succeeded()).isFalse();
                assertThat(step.attempts()).isEqualTo(3);
            });
        }
    }

    @Test
    void step_permanentFailure_isNotTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            tries.incrementAndGet();
            throw new PermanentFailure("never");
        }).work()) {
            WorkflowHandle handle = node.workflows().start(chain("g", 1), "w");

            assertThatThrownBy(() -> handle.await(LONG)).hasMessageContaining("1 try");
            assertThat(tries).hasValue(1);
        }
    }

    @Test
    void step_failsTwice_thenSucceeds_dependentsRun() throws Exception {
        DagDefinition dag = DagDefinition.builder("g")
                .step(DagStep.of("a", "k", null, List.of()).withRetry(RetryPolicy.fixed(3, Duration.ofMillis(5))))
                .step("b", "k", null, "a").build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            if (step.name().equals("a") && step.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
            return step.attempt();
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");

            assertThat(handle.await(LONG).get("b")).hasToString("1");
            assertThat(handle.steps().get(0).attempts()).isEqualTo(3);
        }
    }

    @Test
    void step_overItsTime_interruptedAndTriedAgain_slotTakenUntilTheBodyReturns() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        DagDefinition dag = DagDefinition.builder("g").step(DagStep.of("a", "k", null, List.of())
                .withTimeout(Duration.ofMillis(50)).withRetry(RetryPolicy.fixed(2, Duration.ZERO))).build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            if (step.attempt() == 1) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    return "late " + step.isCancelled();
                }
            }
            return "in time";
        }).work(options -> options.withLocalParallelism(1))) {
            assertThat(node.workflows().start(dag, "w").await(LONG).get("a")).hasToString("\"in time\"");
        }
    }

    @Test
    void step_overItsTimeAlways_runFailsByTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        DagDefinition dag = DagDefinition.builder("g").step(DagStep.of("a", "k", null, List.of())
                .withTimeout(Duration.ofMillis(20)).withRetry(RetryPolicy.none())).build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> {
            never.await();
            return null;
        }).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("timeout");
        }
    }

    @Test
    void stepObject_alreadyThere_itsOutcomeCounts() throws Exception {
        try (Node node = new Node(bucket).step("k", JOIN)) {
            node.windlass().engine().documents().put("workflow/w/runs/1/steps/0.json",
                    "{\"result\":\"theirs\",\"attempts\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            node.work();

            assertThat(node.workflows().start(chain("g", 2), "w").await(LONG).get("1")).hasToString("\"theirs1\"");
        }
    }

    @Test
    void start_sameIdAgain_sameRun_otherDefinition_refused_newRunAfterEnd_runsAnew() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> runs.incrementAndGet());
                Node other = new Node(bucket)) {
            WorkflowHandle handle = node.workflows().start(chain("g", 1), "w");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.PENDING);
            assertThat(other.workflows().start(chain("g", 1), "w").run()).isEqualTo(1);
            assertThatThrownBy(() -> other.workflows().start(chain("g", 2), "w"))
                    .isInstanceOf(WorkflowAlreadyExistsException.class).hasMessageContaining("'w'");
            assertThatThrownBy(() -> other.workflows().start(chain("g", 1), "w",
                    StartOptions.ofDefaults().withExistingId(StartOptions.ExistingId.REJECT)))
                    .isInstanceOf(WorkflowAlreadyExistsException.class);
            node.work();
            handle.await(LONG);

            WorkflowHandle second = other.workflows().start(chain("g2", 2), "w",
                    StartOptions.ofDefaults().withExistingId(StartOptions.ExistingId.NEW_RUN_AFTER_END));

            assertThat(second.run()).isEqualTo(2);
            assertThat(second.await(LONG).get("1")).hasToString("3");
            assertThat(handle.await(LONG).get("0")).hasToString("1");
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
        }
    }

    @Test
    void handle_unknownId_namesIt() {
        try (Node node = new Node(bucket)) {
            assertThatThrownBy(() -> node.workflows().handle("nobody"))
                    .isInstanceOf(WorkflowNotFoundException.class).hasMessageContaining("'nobody'");
        }
    }

    @Test
    void largeDefinitionAndLargeResults_goByPayloads() throws Exception {
        DagDefinition dag = DagDefinition.builder("big")
                .step("a", "k", JsonNodeFactory.instance.stringNode("i".repeat(600_000)))
                .step(DagStep.of("b", "k", null, List.of("a")).withPlacement(Placement.FLEET))
                .step("c", "length", null, "b").build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> parents.isEmpty()
                ? input.asString() + "!"
                : parents.get("a"))
                .step("length", (step, input, parents) -> parents.values().iterator().next().asString().length())
                .work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");

            assertThat(handle.await(LONG).get("c")).hasToString("600001");
            assertThat(handle.definition().hash()).isEqualTo(dag.hash());
            assertThat(bucket.keys("payloads/")).hasSize(2);
            assertThat(handle.steps().get(1).result()).isNotNull();
        }
    }

    @Test
    void result_ofFiveMegabytes_goesByAPayload_dependentsAndAwaitReadIt() throws Exception {
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> parents.isEmpty()
                ? "x".repeat(5 * 1024 * 1024)
                : parents.get("0")).work()) {
            assertThat(node.workflows().start(chain("g", 2), "w").await(LONG)).containsOnlyKeys("1")
                    .allSatisfy((name, result) -> assertThat(result.asString()).hasSize(5 * 1024 * 1024));
            assertThat(bucket.keys("payloads/")).hasSize(1); // one content, stored once
            assertThat(bucket.text("workflow/w/runs/1/result.json").length()).isLessThan(2_000);
        }
    }

    /** Runs that nobody here can run stand before the one that this worker can: they do not keep it from that. */
    @Test
    void runs_ofUnknownKindsAhead_doNotStarveOthers() throws Exception {
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> 1)) {
            DagDefinition foreign = DagDefinition.builder("foreign").step("a", "unknown", null).build();
            for (int i = 0; i < 1_500; i++) {
                node.workflows().start(foreign, "foreign-" + i);
            }
            WorkflowHandle mine = node.workflows().start(chain("mine", 1), "mine");
            node.work();
            assertThat(mine.await(LONG).get("0")).hasToString("1");
            assertThat(node.workflows().handle("foreign-7").status()).isEqualTo(WorkflowStatus.PENDING);
        }
    }

    @Test
    void result_overTheInlineLimit_awaitReadsTheSteps() throws Exception {
        DagDefinition dag = DagDefinition.builder("g").step("a", "k", null).step("b", "k", null).build();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> "x".repeat(200_000)).work()) {
            assertThat(node.workflows().start(dag, "w").await(LONG)).containsOnlyKeys("a", "b")
                    .allSatisfy((name, result) -> assertThat(result.asString()).hasSize(200_000));
        }
    }

    @Test
    void tenThousandSteps_complete() throws Exception {
        DagDefinition.Builder dag = DagDefinition.builder("many");
        for (int i = 0; i < 10_000; i++) {
            dag.step("s" + i, "k", null, i < 100 ? new String[0] : new String[]{"s" + (i - 100), "s" + (i - 37)});
        }
        AtomicInteger finished = new AtomicInteger();
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> step.name())
                .work(options -> options.withListener(new WorkflowListener() {
                    @Override
                    public void stepFinished(StepFinished event) {
                        finished.incrementAndGet();
                    }
                }))) {
            WorkflowHandle handle = node.workflows().start(dag.build(), "many");
            handle.await(LONG);
            assertThat(finished).hasValue(10_000);
            assertThat(handle.progress().finished()).isEqualTo(10_000);
        }
    }
}
