package dev.windlass.s3;

import dev.windlass.s3.server.Gofakes3Server;
import dev.windlass.s3.server.S3Server;

/** gofakes3. */
class Gofakes3IT extends S3ServerSuite {

    @Override
    S3Server server() {
        return Gofakes3Server.shared();
    }

    @Override
    S3Server startServer() {
        return Gofakes3Server.start();
    }
}
