package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job, by real worker processes, on an S3 server; the same for every server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class RunOnS3Suite {
    private static final String GRAPH = Path.of("workflows/montage.json").toAbsolutePath().toString();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** The server that all tests of the class share. */
    abstract S3Server server();

    private CommandProcess.Ended command(String... args) throws Exception {
        S3Server server = server();
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--store", server.storeUri(server.newBucket(), "runs").toString(), "--json"));
        return CommandProcess.run(directory.resolve("err"), server.environment(), all.toArray(new String[0]));
    }

    @Test
    void run_onS3_yieldsTheGraphsDigest() throws Exception {
        JsonNode report = command("run", GRAPH).json();

        assertThat(report.path("digest").asString()).isEqualTo(RunIT.MONTAGE);
    }

    @Test
    void run_onS3UnderChaos_yieldsTheSameDigest() throws Exception {
        JsonNode report = command("run", GRAPH, "--time-scale", "0.03", "--chaos").json();

        assertThat(report.path("digest").asString()).isEqualTo(RunIT.MONTAGE);
        assertThat(report.path("restarts").asInt()).isPositive();
    }

    @Test
    void doctor_onS3_findsItFit() throws Exception {
        JsonNode report = command("doctor", "--rounds", "5", "--load", "0s").json();

        assertThat(report.path("fit").asBoolean()).as(report.toPrettyString()).isTrue();
    }
}
