package dev.windlass.examples;

import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.VersityServer;

/** The main job, on versitygw. */
class RunOnVersityIT extends RunOnS3Suite {

    @Override
    S3Server server() {
        return VersityServer.shared();
    }
}
