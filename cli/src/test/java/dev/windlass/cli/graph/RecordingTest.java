package dev.windlass.cli.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shape figures that came with the recordings, and digests that were computed by a separate program in another
 * language.
 */
class RecordingTest {

    @ParameterizedTest
    @CsvSource({
        "airrflow-dirt02-001, 212, 327, 25, 16, 3329.9, 438.1, 7fdc72dd262bfc9f45abf0046306eb6cddb7f7874d75cfc802f73d56376c5db5",
        "bacass-dirt02-001, 11, 14, 5, 4, 3961.9, 2150.0, 793124516d90aaaee72211995d8706782465d017c1e7877232ac5c99d8f96e77",
        "blast-chameleon-medium-001, 303, 900, 3, 300, 31513.1, 119.3, abf3d929fb688653d33c8689ece26eb4a431910eea03af2f77e3d0f78c6c3586",
        "epigenomics-chameleon-ilmn-6seq-50k-001, 1695, 2108, 9, 420, 26060.0, 1084.1, 9a02c859a559d2098927d0ebbb68c62a931922220eb3acff4015c9a46d38f002",
        "montage-chameleon-2mass-015d-001, 310, 798, 8, 198, 854.9, 26.4, d69927ab7a16c83750187054c663963084cddc847ee09f554c9e690c9fab4a5e",
        "rnaseq-dirt02-001, 197, 451, 10, 86, 2580.4, 759.5, 0b66a7abe6d043126eadde75eaf1d720a647fd3c9d2e452a821d82d10ebc90b0"})
    void read_realRecording_givesItsShapeAndDigest(String name, int tasks, int edges, int depth, int width,
            double runtime, double criticalPath, String digest) {
        WorkflowGraph graph = WfFormat.read(Recordings.path(name + ".json"));

        assertThat(graph.tasks()).hasSize(tasks);
        assertThat(graph.edges()).isEqualTo(edges);
        assertThat(graph.depth()).isEqualTo(depth);
        assertThat(graph.width()).isEqualTo(width);
        assertThat(graph.totalRuntimeSeconds()).isCloseTo(runtime, within(0.051));
        assertThat(graph.criticalPathSeconds()).isCloseTo(criticalPath, within(0.051));
        assertThat(GraphDigest.expected(graph)).isEqualTo(digest);
    }
}
