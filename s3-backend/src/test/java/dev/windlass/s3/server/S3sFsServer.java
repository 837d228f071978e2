package dev.windlass.s3.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** s3s-fs, which looks at a precondition first and writes afterwards, and so loses updates: not to be used, but refused. */
public final class S3sFsServer extends S3Server {
    private static final String NAME = "s3s-fs";

    private S3sFsServer(Path program) {
        super(program, DataDirectory.any(NAME));
    }

    private static final class Shared {
        static final S3sFsServer SERVER = launched(new S3sFsServer(Program.require(NAME)));
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static S3sFsServer shared() {
        Program.require(NAME);
        return withCredentials(Shared.SERVER);
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static S3sFsServer start() {
        return withCredentials(launched(new S3sFsServer(Program.require(NAME))));
    }

    @Override
    public Traits traits() {
        return new Traits(412, Traits.ConditionalDelete.IGNORED, true, true);
    }

    @Override
    List<String> arguments(Path objects) {
        return List.of("--host", "127.0.0.1", "--port", Integer.toString(endpoint().getPort()), "--access-key",
                ACCESS_KEY, "--secret-key", SECRET_KEY, objects.toString());
    }

    @Override
    Map<String, String> settings() {
        return Map.of();
    }

    @Override
    String health() {
        return "/";
    }
}
