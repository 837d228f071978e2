package dev.windlass.cli.graph;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real recordings, which lie beside the project, if they are there. */
final class Recordings {
    private Recordings() {
    }

    /** A recording's path; skips the test where there are no recordings. */
    static Path path(String file) {
        Path root = projectRoot();
        Path folder = root.resolve("../shared/data/workflows");
        if (!Files.isDirectory(folder)) {
            // A worktree lies elsewhere than the project it belongs to.
            folder = root.resolve("../../shared/data/workflows");
        }
        assumeTrue(Files.isDirectory(folder), "skipped: no recordings at ../shared/data/workflows beside the project");
        return folder.resolve(file);
    }

    /** The project's top folder. */
    static Path projectRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("windlass"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the tests do not run inside the project");
            }
        }
        return folder;
    }
}
