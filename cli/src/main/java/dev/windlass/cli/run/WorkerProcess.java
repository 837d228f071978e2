package dev.windlass.cli.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.windlass.cli.JavaCommand;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.store.RequestCounts;

/** A worker process, as its supervisor sees it. Safe for use by any number of threads. */
final class WorkerProcess {
    private static final int LAST_WORDS = 20;

    private final String id;
    private final Process process;
    private final Monitor monitor;
    private final List<String> errors = new ArrayList<>();
    private WorkerReport last = new WorkerReport("starting", 0, false, RequestCounts.NONE);
    private boolean ready;
    private boolean expectedToEnd;
    private boolean ended;

    private WorkerProcess(String id, Process process, Environment environment) {
        this.id = id;
        this.process = process;
        this.monitor = environment.newMonitor();
    }

    /**
     * Starts a process.
     *
     * @param onChange called whenever it has reported or ended
     */
    static WorkerProcess start(String id, List<String> arguments, Environment environment,
            Consumer<WorkerProcess> onChange) throws IOException {
        Process process = new ProcessBuilder(JavaCommand.of(List.of(), arguments)).start();
        var worker = new WorkerProcess(id, process, environment);
        environment.start("errors-" + id, worker::readErrors);
        environment.start("reports-" + id, () -> worker.readReports(onChange));
        return worker;
    }

    String id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    private void readReports(Consumer<WorkerProcess> onChange) {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                WorkerReport report = WorkerReport.parse(line);
                if (report != null) {
                    set(report);
                    onChange.accept(this);
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            // it was killed; what matters is that it has ended
        }
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        monitor.lock();
        try {
            ended = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
        onChange.accept(this);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readErrors() {
        try (var in = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                monitor.lock();
                try {
                    errors.add(line);
                    if (errors.size() > LAST_WORDS) {
                        errors.removeFirst();
                    }
                } finally {
                    monitor.unlock();
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            // it was killed
        }
    }

    private void set(WorkerReport report) {
        monitor.lock();
        try {
            last = report;
            ready = true;
            monitor.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    /** What it said last. */
    WorkerReport last() {
        monitor.lock();
        try {
            return last;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether it has connected and claims. */
    boolean isReady() {
        monitor.lock();
        try {
            return ready && !ended;
        } finally {
            monitor.unlock();
        }
    }

    boolean hasEnded() {
        monitor.lock();
        try {
            return ended;
        } finally {
            monitor.unlock();
        }
    }

    /** Whether it was stopped or killed by its supervisor. */
    boolean isExpectedToEnd() {
        monitor.lock();
        try {
            return expectedToEnd;
        } finally {
            monitor.unlock();
        }
    }

    /** What it wrote to standard error, the last lines. */
    List<String> errors() {
        monitor.lock();
        try {
            return List.copyOf(errors);
        } finally {
            monitor.unlock();
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    private void expectEnd() {
        monitor.lock();
        try {
            expectedToEnd = true;
        } finally {
            monitor.unlock();
        }
    }

    /** Kills it as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        expectEnd();
        process.destroyForcibly().waitFor();
    }

    /** Asks it to drain and end. */
    void stop() {
        expectEnd();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended already
        }
    }

    /** Waits for its end; kills it when the time is over. */
    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
        monitor.lock();
        try {
            while (!ended) {
                monitor.await(Duration.ofSeconds(1));
            }
        } finally {
            monitor.unlock();
        }
    }
}
