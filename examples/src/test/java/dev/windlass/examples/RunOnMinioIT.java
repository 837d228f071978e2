package dev.windlass.examples;

import dev.windlass.s3.server.MinioServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** The main job, on MinIO. */
@Tag("minio")
class RunOnMinioIT extends RunOnS3Suite {

    @Override
    S3Server server() {
        return MinioServer.shared();
    }
}
