package dev.windlass.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.S3sFsServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told whose server loses updates. */
@Tag("s3s-fs")
class DoctorOnLosingStoreIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void doctor_serverThatLosesUpdates_endsWithOneAndSaysWhy() throws Exception {
        S3Server server = S3sFsServer.shared();

        CommandProcess.Ended ended = CommandProcess.run(directory.resolve("err"), server.environment(), "doctor",
                "--store", server.storeUri(server.newBucket(), "").toString(), "--load", "0s");

        assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(1);
        assertThat(ended.out()).contains("several are told that they did", "NOT fit for tasks");
    }
}
