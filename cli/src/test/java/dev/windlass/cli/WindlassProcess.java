package dev.windlass.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command in a process of its own, so that a test can send it signals. */
public final class WindlassProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private WindlassProcess(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts it.
     *
     * @param folder its working directory
     * @param environment variables beside those of this process
     */
    public static WindlassProcess start(Path folder, Map<String, String> environment, String... args)
            throws IOException {
        return new WindlassProcess(
                builder(folder, environment, args).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The same; what it writes to standard error stands among the lines of its standard output. */
    public static WindlassProcess startMerged(Path folder, Map<String, String> environment, String... args)
            throws IOException {
        return new WindlassProcess(builder(folder, environment, args).redirectErrorStream(true).start());
    }

    private static ProcessBuilder builder(Path folder, Map<String, String> environment, String... args) {
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(List.of("-XX:TieredStopAtLevel=1"), List.of(args)))
                .directory(folder.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** The next line of its standard output. */
    public String line() throws IOException {
        return out.readLine();
    }

    /** Sends it a signal, such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start().waitFor();
    }

    /** Closes its standard input. */
    public void writeInput(String text) throws IOException {
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(text);
        }
    }

    /** Waits for its end; gives its exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end");
        }
        return process.exitValue();
    }

    /** What is left of its standard output. */
    public List<String> rest() throws IOException {
        var lines = new ArrayList<String>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
