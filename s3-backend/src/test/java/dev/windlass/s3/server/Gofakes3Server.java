package dev.windlass.s3.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * gofakes3, a second implementation that owes nothing to the first: 412 where versitygw says 404, and no conditional
 * deletes. With the SDK's own checksums it stores them as part of the body.
 *
 * <p>Objects are in memory. Its file backend ("bolt") keeps them through a crash, but a read beside an overwrite gives
 * bytes of both, which the contract finds.
 */
public final class Gofakes3Server extends S3Server {
    private static final String NAME = "gofakes3";

    private Gofakes3Server(Path program) {
        super(program, DataDirectory.any(NAME));
    }

    private static final class Shared {
        static final Gofakes3Server SERVER = launched(new Gofakes3Server(Program.require(NAME)));
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static Gofakes3Server shared() {
        Program.require(NAME);
        return withCredentials(Shared.SERVER);
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static Gofakes3Server start() {
        return withCredentials(launched(new Gofakes3Server(Program.require(NAME))));
    }

    @Override
    public Traits traits() {
        return new Traits(412, Traits.ConditionalDelete.IGNORED, false, false);
    }

    @Override
    List<String> arguments(Path objects) {
        return List.of("-backend", "memory", "-host", endpoint().getAuthority(), "-quiet");
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
