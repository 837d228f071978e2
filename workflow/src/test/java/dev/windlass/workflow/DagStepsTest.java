package dev.windlass.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What steps of the name-based form may be: conditional, for each item of a list, of the run's input. */
@Timeout(60)
class DagStepsTest {
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final StepHandler NAMES = (step, input, parents) -> String.join(",", parents.keySet());

    private final Bucket bucket = new Bucket();

    private static DagDefinition dag(String json) {
        return DagDefinition.fromJson(JSON.readTree(json.replace('\'', '"')));
    }

    private static JsonNode of(Map<String, JsonNode> parents, String step) {
        return Objects.requireNonNull(parents.get(step), step);
    }

    private static ArrayNode numbers(int count) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < count; i++) {
            list.add(i);
        }
        return list;
    }

    @ParameterizedTest
    @EnumSource(Placement.class)
    void condition_false_stepSkipped_dependentsSeeNothingOfIt(Placement placement) throws Exception {
        DagDefinition dag = dag("""
                {'name': 'g', 'steps': [{'name': 'check', 'kind': 'check'},
                 {'name': 'yes', 'kind': 'k', 'needs': ['check'], 'placement': '%1$s',
                  'when': [{'step': 'check', 'at': '/ok', 'is': true}, {'step': 'check', 'at': '/score', 'is': 1.0}]},
                 {'name': 'no', 'kind': 'k', 'needs': ['check'], 'placement': '%1$s',
                  'when': [{'step': 'check', 'at': '/ok', 'isNot': true}]},
                 {'name': 'end', 'kind': 'k', 'needs': ['yes', 'no'], 'placement': '%1$s'}]}
                """.formatted(placement));
        try (Node node = new Node(bucket).step("k", NAMES)
                .step("check", (step, input, parents) -> Map.of("ok", true, "score", 1)).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w");

            assertThat(handle.await(LONG).get("end")).hasToString("\"yes\"");
            assertThat(handle.steps()).filteredOn(StepInfo::skipped).extracting(StepInfo::name).containsExactly("no");
            assertThat(bucket.text("workflow/w/runs/1/steps/no.json")).contains("\"skipped\":true")
                    .doesNotContain("result");
        }
    }

    @Test
    void handler_skips_isRecordedAsThat() throws Exception {
        try (Node node = new Node(bucket).step("k", (step, input, parents) -> StepResult.SKIPPED).work()) {
            WorkflowHandle handle = node.workflows().start(WorkflowTest.chain("g", 2), "w");
            assertThat(handle.await(LONG)).isEmpty();
            assertThat(handle.steps()).hasSize(2).allMatch(StepInfo::skipped);
            assertThat(handle.status()).isEqualTo(WorkflowStatus.COMPLETED);
        }
    }

    @Test
    void map_overTheRunsInput_itemStandsForTheList() throws Exception {
        DagDefinition dag = dag("""
                {'name': 'g', 'steps': [{'name': 'each', 'kind': 'each', 'needs': ['$input'],
                  'map': {'over': '$input', 'parallel': 2}}, {'name': 'all', 'kind': 'all', 'needs': ['each']}]}
                """);
        try (Node node = new Node(bucket)
                .step("each", (step, input, parents) -> of(parents, DagStep.RUN_INPUT).asInt() + 1)
                .step("all", (step, input, parents) -> of(parents, "each").size()).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w",
                    StartOptions.ofDefaults().withInput(numbers(5)));
            assertThat(handle.await(LONG).get("all")).hasToString("5");
            assertThat(bucket.text("workflow/w/runs/1/steps/each.json")).contains("[1,2,3,4,5]");
            assertThat(handle.progress()).isEqualTo(new WorkflowProgress(WorkflowStatus.COMPLETED, 2, 2));
        }
    }

    @Test
    void map_overWhatIsNoList_failsAndSaysSo() {
        DagDefinition dag = dag("""
                {'name': 'g', 'steps': [{'name': 'each', 'kind': 'k', 'needs': ['$input'], 'map': {'over': '$input'}}]}
                """);
        try (Node node = new Node(bucket).step("k", NAMES).work()) {
            WorkflowHandle handle = node.workflows().start(dag, "w",
                    StartOptions.ofDefaults().withInput(JsonNodeFactory.instance.stringNode("text")));
            assertThatThrownBy(() -> handle.await(LONG)).isInstanceOf(WorkflowFailedException.class)
                    .hasMessageContaining("no list");
        }
    }

    /** A map step under way belongs to the run: the next owner repeats no item that is recorded. */
    @Test
    void owner_diesInTheMiddleOfAMap_nextRepeatsNoRecordedItem() throws Exception {
        DagDefinition dag = dag("""
                {'name': 'g', 'steps': [{'name': 'list', 'kind': 'list'},
                 {'name': 'each', 'kind': 'each', 'needs': ['list'], 'placement': 'LOCAL', 'map': {'over': 'list'}},
                 {'name': 'all', 'kind': 'all', 'needs': ['each']}]}
                """);
        CountDownLatch dead = new CountDownLatch(1);
        Map<String, Integer> again = new ConcurrentHashMap<>();
        StepHandler list = (step, input, parents) -> numbers(300);
        StepHandler all = (step, input, parents) -> of(parents, "each").size();
        try (Node starter = new Node(bucket)) {
            Node first = new Node(bucket).step("list", list).step("all", all)
                    .step("each", (step, input, parents) -> parents.get("list"));
            AtomicInteger items = new AtomicInteger();
            first.view().afterPut(key -> {
                if (key.contains("%5B") && items.incrementAndGet() == 170) {
                    first.view().cut();
                    dead.countDown();
                }
            });
            WorkflowHandle handle = starter.workflows().start(dag, "w");
            first.work();
            dead.await();
            starter.windlass().retire(first.workerId());
            Set<String> recorded = bucket.keys("workflow/w/runs/1/steps/each").stream()
                    .map(key -> key.substring(key.indexOf("each")).replace("%5B", "[").replace("%5D.json", "]"))
                    .collect(Collectors.toSet());
            assertThat(handle.steps()).extracting(StepInfo::name).contains("list").containsAll(recorded);
            assertThat(handle.progress()).isEqualTo(new WorkflowProgress(handle.status(), 1, 3));
            try (Node second = new Node(bucket).step("list", list).step("all", all)
                    .step("each", (step, input, parents) -> {
                        again.merge(step.name(), 1, Integer::sum);
                        return parents.get("list");
                    }).work()) {
                assertThat(handle.await(LONG).get("all")).hasToString("300");
                assertThat(again).hasSize(300 - recorded.size()).doesNotContainKeys(recorded.toArray(String[]::new));
                JsonNode gathered = JSON.readTree(bucket.text("workflow/w/runs/1/steps/each.json")).path("result");
                assertThat(gathered).isEqualTo(numbers(300));
                assertThat(second.view().gets()).filteredOn(key -> key.contains("%5B"))
                        .hasSizeLessThanOrEqualTo(200); // the rest stands in the checkpoint
            }
        }
    }

    @Test
    void json_allFields_roundTrip() {
        DagDefinition dag = DagDefinition.builder("g").version(3)
                .step(DagStep.of("a", "k", null, List.of(DagStep.RUN_INPUT))
                        .withOptions(StepOptions.retry(RetryPolicy.fixed(2, Duration.ofMillis(5)))
                                .withNonRetryable(IllegalStateException.class).withOnFailure(OnFailure.CONTINUE)
                                .withAtMostOnce().withPlacement(Placement.LOCAL).withQueue("q").withPriority(1)))
                .step(DagStep.of("b", "k", null, List.of("a"))
                        .withConditions(List.of(StepCondition.is("a", "/x", JsonNodeFactory.instance.nullNode()),
                                StepCondition.isNot("a", "", JsonNodeFactory.instance.numberNode(4))))
                        .withMap(new MapOver("a", 5)))
                .build();

        DagDefinition read = DagDefinition.fromJson(JSON.readTree(JSON.writeValueAsBytes(dag.toJson())));

        assertThat(read.steps()).isEqualTo(dag.steps());
        assertThat(read.version()).isEqualTo(3);
        assertThat(read.hash()).isEqualTo(dag.hash());
    }

    @Test
    void json_wrongFields_namedWithTheStep() {
        assertThatThrownBy(() -> dag("""
                {'name': 'g', 'version': 'x', 'steps': [
                 {'name': 'a', 'kind': 'k', 'onFailure': 'shrug'}, {'name': 'b', 'kind': 'k', 'priority': 12},
                 {'name': 'c', 'kind': 'k', 'atMostOnce': 'yes'}, {'name': 'd', 'kind': 'k', 'when': [{'step': 'a'}]},
                 {'name': 'e', 'kind': 'k', 'map': {}}, {'name': 'f', 'kind': 'k', 'retry': {'nonRetryable': [1]}},
                 {'name': 'g', 'kind': 'k', 'when': [{'step': 'a', 'at': 'x', 'is': 1}]}]}
                """)).isInstanceOf(InvalidInputException.class).hasMessageContaining("\"version\" is \"x\"")
                .hasMessageContaining("\"onFailure\" of step 1").hasMessageContaining("priority of a step is 12")
                .hasMessageContaining("\"atMostOnce\" of step 3").hasMessageContaining("\"when\" of step 4")
                .hasMessageContaining("\"over\" of \"map\" of step 5")
                .hasMessageContaining("\"nonRetryable\" of step 6")
                .hasMessageContaining("no JSON Pointer");
    }

    @Test
    void build_conditionsAndMapsOnWhatIsNotNeeded_reserved_reported() {
        assertThatThrownBy(() -> dag("""
                {'name': 'g', 'steps': [{'name': 'a', 'kind': 'k'}, {'name': '$input', 'kind': 'k'},
                 {'name': 'b', 'kind': 'k', 'map': {'over': 'a'}}, {'name': 'b[0]', 'kind': 'k'},
                 {'name': 'c', 'kind': 'k', 'when': [{'step': 'a', 'is': 1}]}]}
                """)).isInstanceOf(InvalidInputException.class).hasMessageContaining("'b' maps over 'a'")
                .hasMessageContaining("'c' has a condition on 'a'").hasMessageContaining("like an item of map step 'b'")
                .hasMessageContaining("stands for the run's input");
    }

    @Test
    void json_ofTheDocument_isAGraph() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "graphs.md"));
        int begin = page.indexOf("```json") + "```json".length();
        DagDefinition dag = DagDefinition.fromJson(JSON.readTree(page.substring(begin, page.indexOf("```", begin))));
        assertThat(dag.steps()).hasSize(4);
        for (String field : List.of("retry", "nonRetryable", "timeout", "onFailure", "atMostOnce", "placement", "queue",
                "priority", "when", "map", "parallel")) {
            assertThat(page).as(field).contains("`" + field + "`");
            assertThat(dag.toJson().toString()).as(field).contains("\"" + field + "\"");
        }
    }
}
