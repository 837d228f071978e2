package dev.windlass.s3;

import dev.windlass.s3.server.LocalStackServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** LocalStack without a container: what many users have on their own machines. */
@Tag("localstack")
class LocalStackIT extends S3ServerSuite {

    @Override
    S3Server server() {
        return LocalStackServer.shared();
    }

    @Override
    S3Server startServer() {
        return LocalStackServer.start();
    }
}
