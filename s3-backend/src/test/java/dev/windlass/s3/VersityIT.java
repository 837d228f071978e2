package dev.windlass.s3;

import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.VersityServer;

/** versitygw. */
class VersityIT extends S3ServerSuite {

    @Override
    S3Server server() {
        return VersityServer.shared();
    }

    @Override
    S3Server startServer() {
        return VersityServer.start();
    }
}
