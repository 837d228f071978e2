package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.windlass.store.Precondition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecoveryTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final String CHECKPOINT = "workflow/w/runs/1/checkpoint.json";

    private final Bucket bucket = new Bucket();

    /** Steps of a chain of which the 340th waits: checkpoints are put beside the steps, and may take their time. */
    private static StepHandler afterCheckpoints(CountDownLatch checkpoints) {
        return (step, input, parents) -> {
            if (step.name().equals("340")) {
                checkpoints.await();
            }
            return step.name();
        };
    }

    private void cutAt(Node node, int steps, CountDownLatch dead) {
        cutAt(node, steps, dead, new CountDownLatch(0));
    }

    /** Cuts a node off once so many step objects stand. */
    private void cutAt(Node node, int steps, CountDownLatch dead, CountDownLatch checkpoints) {
        AtomicInteger count = new AtomicInteger();
        node.view().afterPut(key -> {
            if (key.equals(CHECKPOINT)) {
                checkpoints.countDown();
            } else if (key.contains("/steps/") && count.incrementAndGet() == steps) {
                node.view().cut();
                dead.countDown();
            }
        });
    }

    @Test
    void owner_dies_nextOwnerRepeatsNoRecordedStep_andReadsFewObjects() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        Map<String, Integer> again = new ConcurrentHashMap<>();
        try (Node starter = new Node(bucket)) {
            CountDownLatch checkpoints = new CountDownLatch(2);
            Node first = new Node(bucket).step("k", afterCheckpoints(checkpoints));
            cutAt(first, 350, dead, checkpoints);
            WorkflowHandle handle = starter.workflows().start(WorkflowTest.chain("chain", 400), "w");
            first.work();
            dead.await();
            Set<String> recorded = recorded();
            starter.windlass().retire(first.workerId());
            try (Node second = new Node(bucket).step("k", (step, input, parents) -> {
                again.merge(step.name(), 1, Integer::sum);
                return step.name();
            }).work()) {
                assertThat(handle.await(LONG)).containsOnlyKeys("399");
                assertThat(recorded).hasSize(350);
                assertThat(again).hasSize(50).doesNotContainKeys(recorded.toArray(String[]::new));
                assertThat(second.view().gets()).filteredOn(key -> key.contains("/steps/"))
                        .hasSizeLessThanOrEqualTo(200); // a checkpoint each hundred, and the last may have been on its way
            }
        }
    }

    /** Checkpoints are put without a condition, so that one may come late, over one that knows more. */
    @Test
    void owner_diesAndAnEarlierCheckpointLandsLate_costsReadsAndRepeatsNoRecordedStep() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        AtomicReference<String> early = new AtomicReference<>("");
        Map<String, Integer> again = new ConcurrentHashMap<>();
        try (Node starter = new Node(bucket)) {
            CountDownLatch second = new CountDownLatch(2);
            Node first = new Node(bucket).step("k", afterCheckpoints(second));
            AtomicInteger steps = new AtomicInteger();
            first.view().afterPut(put -> {
                if (put.equals(CHECKPOINT)) {
                    early.compareAndSet("", bucket.text(CHECKPOINT));
                    second.countDown();
                } else if (put.contains("/steps/") && steps.incrementAndGet() == 350) {
                    first.view().cut();
                    dead.countDown();
                }
            });
            WorkflowHandle handle = starter.workflows().start(WorkflowTest.chain("chain", 400), "w");
            first.work();
            dead.await();
            assertThat(early.get()).isNotEmpty().isNotEqualTo(bucket.text(CHECKPOINT));
            starter.view().put(CHECKPOINT, early.get().getBytes(StandardCharsets.UTF_8), Precondition.none());
            Set<String> recorded = recorded();
            starter.windlass().retire(first.workerId());
            try (Node next = new Node(bucket).step("k", (step, input, parents) -> {
                again.merge(step.name(), 1, Integer::sum);
                return step.name();
            }).work()) {
                assertThat(handle.await(LONG)).containsOnlyKeys("399");
                assertThat(again).hasSize(50).doesNotContainKeys(recorded.toArray(String[]::new));
                assertThat(next.view().gets()).filteredOn(get -> get.contains("/steps/"))
                        .hasSizeBetween(150, 350);
            }
        }
    }

    private Set<String> recorded() {
        return bucket.keys("workflow/w/runs/1/steps/").stream()
                .map(key -> key.substring(key.lastIndexOf('/') + 1, key.length() - ".json".length()))
                .collect(Collectors.toSet());
    }

    @Test
    void owner_diesInAFanOut_restIsDone_resultsOfAllCount() throws Exception {
        DagDefinition.Builder dag = DagDefinition.builder("fan");
        String[] wide = new String[120];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = "m" + i;
            dag.step(wide[i], "k", null);
        }
        dag.step("end", "sum", null, wide);
        StepHandler body = (step, input, parents) -> {
            Thread.sleep(10);
            return 1;
        };
        StepHandler sum = (step, input, parents) -> parents.values().stream().mapToInt(one -> one.asInt()).sum();
        CountDownLatch dead = new CountDownLatch(1);
        try (Node starter = new Node(bucket); Node helper = new Node(bucket).step("k", body)) {
            Node first = new Node(bucket).step("k", body).step("sum", sum);
            cutAt(first, 15, dead);
            WorkflowHandle handle = starter.workflows().start(dag.build(), "w");
            first.work(options -> options.withLocalParallelism(2).withFleetThreshold(Duration.ZERO)
                    .withFleetConcurrency(0));
            while (recorded().isEmpty()) {
                Thread.onSpinWait(); // until the first one owns the run
            }
            helper.work(options -> options.withFleetConcurrency(4));
            dead.await();
            starter.windlass().retire(first.workerId());
            try (Node second = new Node(bucket).step("k", body).step("sum", sum).work()) {
                assertThat(handle.await(LONG).get("end")).hasToString("120");
                assertThat(second.workerId()).isNotEqualTo(helper.workerId());
            }
        }
    }

    @Test
    void run_waitsForAStepThatNobodyHereKnows_parks_andIsWokenByItsEnd() throws Exception {
        DagDefinition dag = DagDefinition.builder("g").step("near", "near", null).step("far", "far", null, "near")
                .step("last", "near", null, "far").build();
        StepHandler body = (step, input, parents) -> parents.size();
        try (Node owner = new Node(bucket).step("near", body)
                .work(options -> options.withParkAfter(Duration.ofMillis(50)))) {
            WorkflowHandle handle = owner.workflows().start(dag, "w");
            while (handle.status() != WorkflowStatus.WAITING) {
                Thread.onSpinWait();
            }
            try (Node helper = new Node(bucket).step("far", body).work()) {
                assertThat(handle.await(LONG).get("last")).hasToString("1");
                assertThat(handle.steps()).element(1).extracting(StepInfo::fleet).isEqualTo(true);
                assertThat(helper.finished()).isPositive();
            }
            while (!bucket.keys("ready/workflow/").isEmpty()) {
                Thread.onSpinWait(); // keys are deleted off the critical path
            }
        }
    }

    @Test
    void run_ofUnknownKinds_isLeftAlone() throws Exception {
        try (Node stranger = new Node(bucket).step("other", (step, input, parents) -> null).work()) {
            WorkflowHandle handle = stranger.workflows().start(WorkflowTest.chain("g", 1), "w");
            assertThatThrownBy(() -> handle.await(Duration.ofMillis(300)))
                    .isInstanceOf(dev.windlass.AwaitTimeoutException.class);
            assertThat(handle.status()).isEqualTo(WorkflowStatus.PENDING);
            try (Node one = new Node(bucket).step("k", (step, input, parents) -> 1).work()) {
                assertThat(handle.await(LONG).get("0")).hasToString("1");
                assertThat(one.finished()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void worker_stops_runIsGivenBack_nextGoesOn() throws Exception {
        CountDownLatch halfWay = new CountDownLatch(1);
        AtomicInteger second = new AtomicInteger();
        try (Node starter = new Node(bucket)) {
            Node first = new Node(bucket).step("k", (step, input, parents) -> {
                if (step.name().equals("20")) {
                    halfWay.countDown();
                }
                return null;
            });
            WorkflowHandle handle = starter.workflows().start(WorkflowTest.chain("g", 5000), "w");
            first.work();
            halfWay.await();
            first.close();
            List<StepInfo> done = handle.steps();
            assertThat(handle.status()).isEqualTo(WorkflowStatus.PENDING);
            try (Node next = new Node(bucket).step("k", (step, input, parents) -> second.incrementAndGet()).work()) {
                handle.await(LONG);
                assertThat(second).hasValue(5000 - done.size());
                assertThat(next.finished()).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void run_losesAllItsOwners_failsByTheFinaliser() throws Exception {
        CountDownLatch dead = new CountDownLatch(1);
        try (Node starter = new Node(bucket)) {
            Node first = new Node(bucket).step("k", (step, input, parents) -> null);
            cutAt(first, 1, dead);
            WorkflowHandle handle = starter.workflows().start(WorkflowTest.chain("g", 3), "w",
                    StartOptions.ofDefaults().withAttempts(1));
            first.work();
            dead.await();
            starter.windlass().retire(first.workerId());
            try (Node next = new Node(bucket).step("k", (step, input, parents) -> null).work()) {
                assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                        .hasMessageContaining("owners");
                assertThat(handle.status()).isEqualTo(WorkflowStatus.FAILED);
                assertThat(next.workerId()).isNotEmpty();
            }
        }
    }
}
