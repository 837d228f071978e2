package dev.windlass.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.windlass.cli.CommandRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The graphs in {@code examples/workflows}; their digests were computed by a separate program in another language. */
class ExampleGraphsTest {

    @ParameterizedTest
    @CsvSource({
        "montage, montage, 300, 1, 2e24b9ca10d1def3084e7cf6be305a5462bb5008bcc8fb902197ff3b448714f4",
        "epigenomics, epigenomics, 399, 2, c4d160684696041d1b6d3ec805834e0d2de1a4cc312195ac62cedd753667b4d7",
        "chain, chain, 50, 3, 2bdf15e303ae24fbb8db558a3c284956ab64526722f2219f58566c28aba2fe49",
        "fanout, fanout, 102, 4, 92ccb37a913b4db6fc9591e42816cab66ede2a8b53d21abfeb4a40c10dad2ecb",
        "diamond, fanout, 4, 5, a8bac87cb47849ea11f5848398944fa30c9fadef063ac9097c44b0a2ec3ff226"})
    void example_madeAgain_isTheSameToTheByte(String file, String kind, int size, long seed, String digest)
            throws IOException {
        Path path = Recordings.projectRoot().resolve("examples/workflows/" + file + ".json");

        CommandRun made = CommandRun.of("graph", "generate", kind, "--size", "" + size, "--seed", "" + seed);

        assertThat(made.out()).isEqualTo(Files.readString(path));
        WorkflowGraph graph = WfFormat.read(path);
        assertThat(graph.tasks()).hasSize(size);
        assertThat(GraphDigest.expected(graph)).isEqualTo(digest);
    }
}
