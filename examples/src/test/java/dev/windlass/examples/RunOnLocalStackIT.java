package dev.windlass.examples;

import dev.windlass.s3.server.LocalStackServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** The main job, on LocalStack without a container. */
@Tag("localstack")
class RunOnLocalStackIT extends RunOnS3Suite {

    @Override
    S3Server server() {
        return LocalStackServer.shared();
    }
}
