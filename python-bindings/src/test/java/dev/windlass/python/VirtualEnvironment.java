package dev.windlass.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A virtual environment below {@code target}, with the tools that tests need and the wheel as the build staged it. Made once;
 * made anew when the tools change. Where something is missing that Jep is built with, tests are skipped with one line.
 */
final class VirtualEnvironment {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path HOME = TARGET.resolve("venv");
    private static final Path TESTS = Path.of("src/test/python").toAbsolutePath();
    /** What Jep needs of a Python, as a program that says what is missing. */
    private static final String PROBE = """
            import os, shutil, sys, sysconfig
            missing = []
            if sys.version_info < (3, 11): missing.append("Python 3.11 or newer (this is %d.%d)" % sys.version_info[:2])
            try: import ensurepip, venv
            except ImportError: missing.append("venv (python3-venv)")
            include = sysconfig.get_paths()["include"]
            if not os.path.exists(os.path.join(include, "Python.h")): missing.append("Python.h (python3-dev)")
            if not sysconfig.get_config_var("Py_ENABLE_SHARED"): missing.append("a shared libpython")
            if not (shutil.which("gcc") or shutil.which("cc")): missing.append("a C compiler (gcc)")
            print(", ".join(missing))
            """;
    private static @Nullable VirtualEnvironment shared;
    private static @Nullable String missing;

    private VirtualEnvironment() {
    }

    /** What a program came to. */
    record Outcome(int code, String output) {}

    /** The environment that all tests share; skips the calling test where it cannot be made. To be called in a test method. */
    static synchronized VirtualEnvironment shared() throws IOException, InterruptedException {
        if (shared == null && missing == null) {
            String lacks = lacks();
            if (lacks.isEmpty()) {
                var made = new VirtualEnvironment();
                made.install();
                shared = made;
            } else {
                missing = lacks;
                System.out.println("Python tests are skipped, since there is no " + lacks + ".");
            }
        }
        Assumptions.assumeTrue(shared != null, () -> "there is no " + missing);
        assertThat(shared).isNotNull();
        return shared;
    }

    private static String python() {
        return System.getProperty("windlass.python", "python3");
    }

    private static String lacks() throws IOException, InterruptedException {
        try {
            Outcome probe = run(Path.of("."), Map.of(), 60, List.of(python(), "-c", PROBE));
            return probe.code() == 0 ? probe.output().strip() : "working " + python() + ": " + probe.output().strip();
        } catch (IOException e) {
            return python();
        }
    }

    private void install() throws IOException, InterruptedException {
        Path requirements = TESTS.resolve("requirements.txt");
        String stamp = stamp(requirements);
        Path mark = HOME.resolve("made-of");
        if (!Files.exists(mark) || !Files.readString(mark).equals(stamp)) {
            must(600, List.of(python(), "-m", "venv", "--clear", HOME.toString()));
            must(1200, List.of(program("pip"), "install", "--disable-pip-version-check", "--quiet", "-r",
                    requirements.toString()));
            Files.writeString(mark, stamp);
        }
        Path wheels = TARGET.resolve("wheel");
        must(300, List.of(program("pip"), "wheel", "--disable-pip-version-check", "--quiet", "--no-deps",
                "--no-build-isolation", "--wheel-dir", wheels.toString(),
                System.getProperty("windlass.python.project", "target/python")));
        must(300, List.of(program("pip"), "install", "--disable-pip-version-check", "--quiet", "--no-deps",
                "--no-index", "--force-reinstall", wheel().toString()));
    }

    private static String stamp(Path requirements) throws IOException, InterruptedException {
        Outcome version = run(Path.of("."), Map.of(), 60,
                List.of(python(), "-c", "import sys; print(sys.version, sys.prefix)"));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(requirements));
            digest.update(version.output().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one wheel that was built. */
    static Path wheel() throws IOException {
        try (Stream<Path> files = Files.list(TARGET.resolve("wheel"))) {
            List<Path> wheels = files.filter(file -> file.toString().endsWith(".whl")).toList();
            assertThat(wheels).hasSize(1);
            return wheels.getFirst();
        }
    }

    /** A program of the environment. */
    String program(String name) {
        return HOME.resolve("bin").resolve(name).toString();
    }

    /** Runs a Python command of the environment. */
    Outcome python(Path directory, Map<String, String> variables, int seconds, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(program("python"));
        command.addAll(List.of(arguments));
        return run(directory, variables, seconds, command);
    }

    private static void must(int seconds, List<String> command) throws IOException, InterruptedException {
        Outcome outcome = run(Path.of("."), Map.of(), seconds, command);
        assertThat(outcome.code()).as(String.join(" ", command) + "\n" + outcome.output()).isZero();
    }

    private static Outcome run(Path directory, Map<String, String> variables, int seconds, List<String> command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        // The hash is of the bytes in the wheel: zip entries have the time of the build.
        builder.environment().put("SOURCE_DATE_EPOCH", "1764547200");
        builder.environment().putAll(variables);
        Path output = Files.createTempFile("windlass-python", ".txt");
        try {
            Process process = builder.redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output);
            return ended ? new Outcome(process.exitValue(), text) : new Outcome(-1, text + "\n(still ran)");
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
