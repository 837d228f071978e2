package dev.windlass.s3;

import dev.windlass.s3.server.MinioServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** MinIO. */
@Tag("minio")
class MinioIT extends S3ServerSuite {

    @Override
    S3Server server() {
        return MinioServer.shared();
    }

    @Override
    S3Server startServer() {
        return MinioServer.start();
    }
}
