package dev.windlass.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.windlass.WindlassException;
import dev.windlass.cli.JavaCommand;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.store.RequestCounts;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker in a process of its own, which talks by lines on its standard streams; see {@link BenchWorker}. */
final class ProcessDrainer implements Drainer {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Duration TO_START = Duration.ofMinutes(5);
    private static final Duration TO_END = Duration.ofMinutes(1);

    private final Environment environment;
    private final Process process;
    private final Writer commands;
    private final Monitor monitor;
    private boolean ready;
    private boolean over;
    private long completed;
    private @Nullable Drained result;

    ProcessDrainer(Environment environment, BenchPlan plan) {
        this.environment = environment;
        this.monitor = environment.newMonitor();
        List<String> command = JavaCommand.of(List.of(), plan.workerArguments());
        try {
            this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw new WindlassException("A worker process cannot be started: " + e.getMessage()
                    + ". Use fewer --processes.", e);
        }
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        environment.start("windlass-bench-" + process.pid(), this::listen);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(MAPPER.readTree(line));
            }
        } catch (IOException | JacksonException e) {
            process.destroy(); // what it says cannot be understood, which is told as its end
        } finally {
            monitor.lock();
            try {
                over = true;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }
    }

    private void hear(JsonNode line) {
        monitor.lock();
        try {
            switch (line.path("event").asString("")) {
                case "ready" -> ready = true;
                case "progress" -> completed = line.path("completed").asLong();
                default -> result = drained(line);
            }
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private static Drained drained(JsonNode line) {
        JsonNode counts = line.path("requests");
        var requests = new RequestCounts(counts.path("put").asLong(), counts.path("get").asLong(),
                counts.path("list").asLong(), counts.path("delete").asLong(), counts.path("conflicts").asLong(),
                counts.path("unknown").asLong());
        Map<String, Long> times = new HashMap<>();
        line.path("completed").properties().forEach(entry -> times.put(entry.getKey(), entry.getValue().asLong()));
        return new Drained(requests, times);
    }

    /** Waits until the process has warmed up. */
    void awaitReady() throws InterruptedException {
        await(TO_START, false);
    }

    private void await(Duration limit, boolean forResult) throws InterruptedException {
        long end = environment.nanoTime() + limit.toNanos();
        monitor.lock();
        try {
            while (forResult ? result == null : !ready) {
                long left = end - environment.nanoTime();
                if (over || left <= 0) {
                    throw new WindlassException("The worker process " + process.pid() + " of the bench "
                            + (over ? "ended too early; what it said stands above." : "does not answer."));
                }
                monitor.await(Duration.ofNanos(left));
            }
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void begin(String queue) {
        tell("start " + queue);
    }

    private void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new WindlassException("The worker process " + process.pid()
                    + " of the bench ended too early; what it said stands above.", e);
        }
    }

    @Override
    public long completed() {
        monitor.lock();
        try {
            if (over) {
                throw new WindlassException("The worker process " + process.pid()
                        + " of the bench ended too early; what it said stands above.");
            }
            return completed;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public Drained end() throws InterruptedException {
        tell("stop");
        await(TO_END, true);
        monitor.lock();
        try {
            return result == null ? new Drained(RequestCounts.NONE, Map.of()) : result;
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void close() {
        try {
            commands.close(); // at the end of its input it leaves
        } catch (IOException e) {
            process.destroy();
        }
        monitor.lock();
        try {
            if (result == null) {
                process.destroy();
            }
        } finally {
            monitor.unlock();
        }
    }
}
