package dev.windlass.s3.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * versitygw, which the tests mostly run on: objects are files, and their metadata user extended attributes.
 *
 * <p>In its stead {@link #shared()} takes the server at {@code WINDLASS_TEST_S3_ENDPOINT}, if that is set, with
 * {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY} for it.
 */
public final class VersityServer extends S3Server {
    private static final String NAME = "versitygw";

    private VersityServer(URI endpoint) {
        super(endpoint);
    }

    private VersityServer(Path program) {
        super(program, DataDirectory.withAttributes(NAME));
    }

    private static final class Shared {
        static final VersityServer SERVER = open();

        private static VersityServer open() {
            String running = System.getenv("WINDLASS_TEST_S3_ENDPOINT");
            return running != null && !running.isBlank()
                    ? new VersityServer(URI.create(running))
                    : launched(new VersityServer(Program.require(NAME)));
        }
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static VersityServer shared() {
        if (System.getenv("WINDLASS_TEST_S3_ENDPOINT") == null) {
            Program.require(NAME);
        }
        return withCredentials(Shared.SERVER);
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static VersityServer start() {
        return withCredentials(launched(new VersityServer(Program.require(NAME))));
    }

    @Override
    public Traits traits() {
        return new Traits(404, Traits.ConditionalDelete.CHECKED, true, true);
    }

    @Override
    List<String> arguments(Path objects) {
        return List.of("--port", endpoint().getAuthority(), "--keep-alive", "--quiet", "--health", "/health",
                "--disable-strict-bucket-names", "posix", objects.toString());
    }

    @Override
    Map<String, String> settings() {
        return Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY);
    }

    @Override
    String health() {
        return "/health";
    }
}
