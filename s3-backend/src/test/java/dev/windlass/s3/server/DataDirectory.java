package dev.windlass.s3.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/** A fresh directory for what a server stores: in memory where that will do, else below {@code target}. */
final class DataDirectory {

    private DataDirectory() {
    }

    /** Any directory. */
    static Path any(String server) {
        return in(server, false);
    }

    /** One that keeps user extended attributes. */
    static Path withAttributes(String server) {
        return in(server, true);
    }

    private static Path in(String server, boolean attributes) {
        for (Path parent : new Path[]{Path.of("/dev/shm"), Path.of("target").toAbsolutePath()}) {
            try {
                if (parent.endsWith("target")) {
                    Files.createDirectories(parent);
                }
                Path directory = Files.createTempDirectory(parent, "windlass-" + server + "-");
                if (!attributes || keepsAttributes(directory)) {
                    return directory;
                }
                Files.delete(directory);
            } catch (IOException e) {
                // The next one.
            }
        }
        throw new IllegalStateException("neither /dev/shm nor target/ can be written to"
                + (attributes
                        ? " and keeps user extended attributes, which " + server
                                + " needs: run the tests on ext4, xfs or tmpfs"
                        : ""));
    }

    private static boolean keepsAttributes(Path directory) {
        try {
            Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class).write("probe",
                    ByteBuffer.wrap(new byte[]{1}));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
