package dev.windlass.s3.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** LocalStack as a process: what many users have on their own machines, without the container that it comes in. */
public final class LocalStackServer extends S3Server {
    private static final String NAME = "localstack";

    private LocalStackServer(Path program) {
        super(program, DataDirectory.any(NAME));
    }

    private static final class Shared {
        static final LocalStackServer SERVER = launched(new LocalStackServer(Program.require(NAME)));
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static LocalStackServer shared() {
        Program.require(NAME);
        return withCredentials(Shared.SERVER);
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static LocalStackServer start() {
        return withCredentials(launched(new LocalStackServer(Program.require(NAME))));
    }

    @Override
    public Traits traits() {
        return new Traits(404, Traits.ConditionalDelete.NOT_IMPLEMENTED, false, false);
    }

    @Override
    List<String> arguments(Path objects) {
        return List.of();
    }

    @Override
    Map<String, String> settings() {
        // Of its front ends this one listens where it is told; by default it listens on all addresses.
        return Map.of("SERVICES", "s3", "GATEWAY_LISTEN", endpoint().getAuthority(), "GATEWAY_SERVER", "hypercorn",
                "DISABLE_EVENTS", "1", "SKIP_SSL_CERT_DOWNLOAD", "1");
    }

    @Override
    String health() {
        return "/_localstack/health";
    }
}
