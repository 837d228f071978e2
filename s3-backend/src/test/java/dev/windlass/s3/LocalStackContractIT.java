package dev.windlass.s3;

import dev.windlass.s3.server.LocalStackServer;
import dev.windlass.s3.server.S3Server;
import org.junit.jupiter.api.Tag;

/** The contract, on LocalStack without a container. */
@Tag("localstack")
class LocalStackContractIT extends S3ServerContract {

    @Override
    S3Server server() {
        return LocalStackServer.shared();
    }

    /** It takes some milliseconds of a processor for each request, and so some minutes for the usual number. */
    @Override
    protected int rounds() {
        return 25;
    }
}
