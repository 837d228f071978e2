package dev.windlass.s3.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** MinIO: widely used, and long to build, so in a profile of its own. */
public final class MinioServer extends S3Server {
    private static final String NAME = "minio";

    private MinioServer(Path program) {
        super(program, DataDirectory.any(NAME));
    }

    private static final class Shared {
        static final MinioServer SERVER = launched(new MinioServer(Program.require(NAME)));
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static MinioServer shared() {
        Program.require(NAME);
        return withCredentials(Shared.SERVER);
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static MinioServer start() {
        return withCredentials(launched(new MinioServer(Program.require(NAME))));
    }

    @Override
    public Traits traits() {
        return new Traits(404, Traits.ConditionalDelete.IGNORED, true, true);
    }

    @Override
    List<String> arguments(Path objects) {
        return List.of("server", "--quiet", "--address", endpoint().getAuthority(), objects.toString());
    }

    @Override
    Map<String, String> settings() {
        // It looks for news of itself, and serves pages for people, unless told otherwise.
        return Map.of("MINIO_ROOT_USER", ACCESS_KEY, "MINIO_ROOT_PASSWORD", SECRET_KEY, "MINIO_UPDATE", "off",
                "MINIO_BROWSER", "off");
    }

    @Override
    String health() {
        return "/minio/health/ready";
    }
}
