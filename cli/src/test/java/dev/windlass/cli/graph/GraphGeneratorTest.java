package dev.windlass.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.windlass.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphGeneratorTest {

    @Test
    void generate_montageOfAnySize_isExactButForThree() {
        for (int size = 10; size <= 400; size++) {
            int expected = switch (size) {
                case 11 -> 10;
                case 12 -> 13;
                case 15 -> 14;
                default -> size;
            };
            assertThat(GraphGenerator.generate(GraphKind.MONTAGE, size, 1).tasks()).as("size %d", size)
                    .hasSize(expected);
        }
    }

    @Test
    void generate_epigenomicsOfAnySize_isTheNearestPossible() {
        Set<Integer> possible = IntStream.rangeClosed(9, 410).filter(size -> size % 2 == 1 && size != 11).boxed()
                .collect(Collectors.toSet());
        for (int size = 9; size <= 400; size++) {
            int made = GraphGenerator.generate(GraphKind.EPIGENOMICS, size, size).tasks().size();
            int wanted = size;
            assertThat(possible).contains(made)
                    .noneMatch(other -> Math.abs(other - wanted) < Math.abs(made - wanted));
        }
    }

    @Test
    void generate_montage_hasThePublishedStructure() {
        WorkflowGraph graph = GraphGenerator.generate(GraphKind.MONTAGE, 300, 9);

        assertThat(graph.depth()).isEqualTo(8);
        List<GraphTask> images = named(graph, "mProject");
        assertThat(named(graph, "mBackground")).hasSameSizeAs(images);
        assertThat(named(graph, "mDiffFit")).allSatisfy(fit -> assertThat(fit.parents()).hasSize(2))
                .extracting(GraphTask::parents).doesNotHaveDuplicates();
        assertThat(named(graph, "mConcatFit").getFirst().parents()).hasSameSizeAs(named(graph, "mDiffFit"));
        assertThat(named(graph, "mDiffFit").stream().flatMap(fit -> fit.parents().stream()))
                .containsAll(images.stream().map(GraphTask::id).toList());
    }

    @Test
    void generate_epigenomics_hasThePublishedStructure() {
        WorkflowGraph graph = GraphGenerator.generate(GraphKind.EPIGENOMICS, 1695, 9);

        assertThat(graph.depth()).isEqualTo(9);
        int chunks = named(graph, "map").size();
        assertThat(named(graph, "filterContams")).hasSize(chunks);
        assertThat(named(graph, "sol2sanger")).hasSize(chunks);
        assertThat(named(graph, "fastq2bfq")).hasSize(chunks);
        assertThat(graph.tasks()).hasSize(2 * named(graph, "fastqSplit").size() + 4 * chunks + 3);
        assertThat(named(graph, "pileup").getFirst().parents())
                .containsExactly(named(graph, "maqIndex").getFirst().id());
    }

    @ParameterizedTest
    @EnumSource
    void generate_smallestSize_works_andOneLess_isRefusedNamingIt(GraphKind kind) {
        int smallest = kind.smallestSize();

        assertThat(GraphGenerator.generate(kind, smallest, 1).tasks()).hasSize(smallest);
        assertThatThrownBy(() -> GraphGenerator.generate(kind, smallest - 1, 1))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("smallest size is " + smallest);
    }

    @ParameterizedTest
    @EnumSource
    void generate_sameSeed_sameText_otherSeed_otherText(GraphKind kind) {
        assertThat(text(GraphGenerator.generate(kind, 120, 42))).isEqualTo(text(GraphGenerator.generate(kind, 120, 42)))
                .isNotEqualTo(text(GraphGenerator.generate(kind, 120, 43)));
    }

    @ParameterizedTest
    @EnumSource
    void write_thenRead_givesTheSameTasks(GraphKind kind) {
        WorkflowGraph graph = GraphGenerator.generate(kind, 200, 7);

        WorkflowGraph again = WfFormat.read("text", "none",
                new ByteArrayInputStream(text(graph).getBytes(StandardCharsets.UTF_8)));

        assertThat(again.tasks()).isEqualTo(graph.tasks());
        assertThat(again.name()).isEqualTo(graph.name());
    }

    private static List<GraphTask> named(WorkflowGraph graph, String name) {
        return graph.tasks().stream().filter(task -> task.name().equals(name)).toList();
    }

    private static String text(WorkflowGraph graph) {
        var text = new StringBuilder();
        WfFormatWriter.write(graph, "for a test", text);
        return text.toString();
    }
}
