package dev.windlass.s3;

import dev.windlass.s3.server.MinioServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** The contract, on MinIO. */
@Tag("minio")
class MinioContractIT extends S3ServerContract {

    @Override
    S3Server server() {
        return MinioServer.shared();
    }
}
