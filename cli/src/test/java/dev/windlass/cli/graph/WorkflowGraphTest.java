package dev.windlass.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;

class WorkflowGraphTest {

    @Test
    void of_chainOf100000_isReadAndDigestedWithoutRecursion() {
        WorkflowGraph graph = GraphGenerator.generate(GraphKind.CHAIN, 100_000, 1);

        assertThat(graph.depth()).isEqualTo(100_000);
        assertThat(graph.width()).isEqualTo(1);
        assertThat(graph.edges()).isEqualTo(99_999);
        assertThat(GraphDigest.expected(graph)).hasSize(64);
    }

    @Test
    void of_longCycle_isToldShortened() {
        List<GraphTask> tasks = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            tasks.add(task("t" + i, "t" + (i + 99_999) % 100_000));
        }

        assertThatThrownBy(() -> WorkflowGraph.of("ring", tasks)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cycle: ").hasMessageContaining("\"t1\" → \"t2\"").hasMessageContaining("more)");
    }

    @Test
    void of_cycleBelowOtherTasks_namesOnlyTheCycle() {
        assertThatThrownBy(() -> WorkflowGraph.of("w",
                List.of(task("start"), task("a", "start", "c"), task("b", "a"), task("c", "b"), task("end", "c"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageMatching(
                        "(?s).*cycle: (\"b\" → \"c\" → \"a\" → \"b\"|\"a\" → \"b\" → \"c\" → \"a\"|\"c\" → \"a\" → \"b\" → \"c\")");
    }

    @Test
    void of_manyProblems_tellsTenAndCountsTheRest() {
        List<GraphTask> tasks = IntStream.range(0, 25).mapToObj(i -> task("t" + i, "missing" + i)).toList();

        assertThatThrownBy(() -> WorkflowGraph.of("w", tasks)).hasMessageContaining("25 problems")
                .hasMessageContaining("\"missing9\"").hasMessageContaining("and 15 more")
                .hasMessageNotContaining("\"missing10\"");
    }

    @Test
    void of_idsAndRuntimesThatCannotBe_areNamed() {
        var tooLong = "ä".repeat(34);

        assertThatThrownBy(() -> WorkflowGraph.of("w",
                List.of(task(""), task("half\ud800"), task(tooLong), new GraphTask("late", "n", -1, List.of()),
                        new GraphTask("never", "n", Double.NaN, List.of()), task("self", "self"), task("twice"),
                        task("twice"))))
                .hasMessageContaining("empty id").hasMessageContaining("surrogate")
                .hasMessageContaining("204 bytes percent-encoded, at most 200")
                .hasMessageContaining("task \"late\" has the runtime -1.0")
                .hasMessageContaining("task \"never\" has the runtime NaN")
                .hasMessageContaining("\"self\" has itself as a parent")
                .hasMessageContaining("two tasks have the id \"twice\"");
        assertThat(WorkflowGraph.of("w", List.of(task("ä".repeat(33)))).tasks()).hasSize(1);
    }

    @Test
    void of_noTasks_isRefused() {
        assertThatThrownBy(() -> WorkflowGraph.of("w", List.of())).hasMessageContaining("no tasks");
    }

    @Test
    void topologicalOrder_childrenListedFirst_putsParentsFirst() {
        WorkflowGraph graph = WorkflowGraph.of("w", List.of(task("c", "b"), task("b", "a"), task("a")));

        assertThat(graph.topologicalOrder()).extracting(GraphTask::id).containsExactly("a", "b", "c");
        assertThat(graph.task("b").parents()).containsExactly("a");
        assertThatThrownBy(() -> graph.task("x")).hasMessageContaining("no task with the id \"x\"");
    }

    @Test
    void criticalPath_weighsRuntimes_notLevels() {
        WorkflowGraph graph = WorkflowGraph.of("w", List.of(new GraphTask("long", "n", 10, List.of()), task("a"),
                task("b", "a"), new GraphTask("end", "n", 0.5, List.of("long", "b"))));

        assertThat(graph.criticalPathSeconds()).isEqualTo(10.5);
        assertThat(graph.totalRuntimeSeconds()).isEqualTo(12.5);
        assertThat(graph.depth()).isEqualTo(3);
        assertThat(graph.width()).isEqualTo(2);
    }

    @Test
    void parents_outsideTheBasicPlane_areInTheByteOrderOfUtf8() {
        String basic = "\uff5e";
        String outside = "\ud83d\ude00";

        assertThat(new GraphTask("t", "n", 0, List.of(outside, basic, "a", "a")).parents()).containsExactly("a", basic,
                outside);
        assertThat(basic.compareTo(outside)).isPositive();
    }

    @Test
    void digests_ofTwoTasks_areTheSumsThatSha256sumGives() {
        String parent = GraphDigest.taskDigest("a", List.of());
        String child = GraphDigest.taskDigest("b", List.of(parent));

        assertThat(parent).isEqualTo("87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7");
        assertThat(child).isEqualTo("14df1fea3bc354a44be03723751f8d69eff8986721f1efc3dd3bcb26b489c6f2");
        assertThat(GraphDigest.runDigest(Map.of("b", child, "a", parent)))
                .isEqualTo("14ae61722b71ac3befadc95c634c98272ea93c45a25a46ae9f9e3d5073275772");
        assertThat(GraphDigest.expected(WorkflowGraph.of("w", List.of(task("b", "a"), task("a")))))
                .isEqualTo("14ae61722b71ac3befadc95c634c98272ea93c45a25a46ae9f9e3d5073275772");
    }

    private static GraphTask task(String id, String... parents) {
        return new GraphTask(id, "n", 1, List.of(parents));
    }
}
