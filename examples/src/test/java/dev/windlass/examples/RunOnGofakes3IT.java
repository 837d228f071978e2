package dev.windlass.examples;

import dev.windlass.s3.server.Gofakes3Server;
import dev.windlass.s3.server.S3Server;

/** The main job, on gofakes3. */
class RunOnGofakes3IT extends RunOnS3Suite {

    @Override
    S3Server server() {
        return Gofakes3Server.shared();
    }
}
