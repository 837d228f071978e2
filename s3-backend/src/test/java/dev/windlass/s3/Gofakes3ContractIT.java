package dev.windlass.s3;

import dev.windlass.s3.server.Gofakes3Server;
import dev.windlass.s3.server.S3Server;

/** The contract, on gofakes3. */
class Gofakes3ContractIT extends S3ServerContract {

    @Override
    S3Server server() {
        return Gofakes3Server.shared();
    }
}
