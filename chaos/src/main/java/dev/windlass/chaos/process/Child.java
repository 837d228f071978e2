package dev.windlass.chaos.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process that the harness has started, and may kill, stop or tell to end. It dies with the harness, since its standard
 * input ends then. Safe for use by any number of threads, though at most one may do something to it at a time.
 */
final class Child {
    /** 128 and SIGKILL. */
    private static final int KILLED = 137;
    private static final int LAST_WORDS = 2_000;

    private final String id;
    private final Process process;
    private final Path errors;
    private final CountDownLatch ready = new CountDownLatch(1);

    private Child(String id, Process process, Path errors) {
        this.id = id;
        this.process = process;
        this.errors = errors;
    }

    static Child start(String id, List<String> command, Map<String, String> environment, Path folder)
            throws IOException {
        Path errors = folder.resolve(id + ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        var child = new Child(id, builder.start(), errors);
        Thread.ofVirtual().name("output-" + id).start(child::awaitReady);
        return child;
    }

    private void awaitReady() {
        try (var out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null) {
                if (line.equals("ready")) {
                    ready.countDown();
                }
                line = out.readLine();
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    String id() {
        return id;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it is up and has begun its work. */
    boolean isReady() {
        return ready.getCount() == 0 && process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** What it said last on standard error. */
    String lastWords() {
        try {
            String all = Files.readString(errors);
            return all.substring(Math.max(0, all.length() - LAST_WORDS)).strip();
        } catch (IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }

    /** Kills it as {@code kill -9} does; true if it lived, and has ended by that. */
    boolean kill() throws InterruptedException {
        boolean lived = process.isAlive();
        process.destroyForcibly();
        return process.waitFor() == KILLED && lived;
    }

    /** Tells it to end by SIGTERM; true if it then ends by itself, with exit code 0. */
    boolean terminate(Duration limit) throws InterruptedException {
        boolean lived = process.isAlive();
        process.toHandle().destroy(); // the process's own method would also end its standard input
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && lived && process.exitValue() == 0;
    }

    /**
     * Stops it for a while. Another process lets it go on, so that it does even if the harness dies meanwhile.
     *
     * @return whether it was seen stopped, at the beginning and at the end of that time, and lives afterwards
     */
    boolean stop(Duration time) throws IOException, InterruptedException {
        String seconds = Double.toString(time.toMillis() / 1000.0);
        Process switcher = new ProcessBuilder("sh", "-c",
                "kill -STOP \"$0\" && sleep \"$1\"; ps -o stat= -p \"$0\"; kill -CONT \"$0\"",
                Long.toString(process.pid()), seconds).redirectErrorStream(true).start();
        Thread.sleep(300);
        boolean stopped = isStopped();
        String atTheEnd = new String(switcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return switcher.waitFor() == 0 && stopped && atTheEnd.startsWith("T") && process.isAlive();
    }

    private boolean isStopped() throws IOException, InterruptedException {
        Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(process.pid()))
                .redirectErrorStream(true).start();
        String state = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return ps.waitFor() == 0 && state.startsWith("T");
    }
}
