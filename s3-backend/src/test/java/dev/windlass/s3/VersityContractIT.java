package dev.windlass.s3;

import dev.windlass.s3.server.S3Server;
import dev.windlass.s3.server.VersityServer;

/** The contract, on versitygw. */
class VersityContractIT extends S3ServerContract {

    @Override
    S3Server server() {
        return VersityServer.shared();
    }
}
