package dev.windlass.s3.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Where {@code .ci/s3-server} put a server's program, or why it did not. */
record Program(@Nullable Path path, String reason) {
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(40);
    private static final Map<String, Program> FOUND = new ConcurrentHashMap<>();

    /** The program, built if need be; else the calling test is skipped, or failed with {@code CI=true}. */
    static Path require(String name) {
        Program found = FOUND.computeIfAbsent(name, Program::install);
        if (found.path() != null) {
            return found.path();
        }
        String reason = "no S3 server for this test: " + found.reason();
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason);
        }
        return Assumptions.abort(reason);
    }

    private static Program install(String name) {
        Program program = installed(name);
        if (program.path() == null) {
            System.err.println("no S3 server for tests: " + program.reason());
        }
        return program;
    }

    private static Program installed(String name) {
        Path script = script();
        if (script == null) {
            return new Program(null, "there is no .ci/s3-server above " + Path.of("").toAbsolutePath());
        }
        try {
            Path errors = Files.createTempFile("s3-server", ".txt");
            try {
                Process process = new ProcessBuilder(script.toString(), name, "install")
                        .redirectError(errors.toFile()).start();
                String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (!process.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Program(null, script + " took longer than " + INSTALL_LIMIT);
                }
                return process.exitValue() == 0
                        ? new Program(Path.of(path), "")
                        : new Program(null, lastLine(Files.readString(errors)));
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            return new Program(null, "could not run " + script + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Program(null, "interrupted");
        }
    }

    private static @Nullable Path script() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve(".ci/s3-server");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        return null;
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }
}
