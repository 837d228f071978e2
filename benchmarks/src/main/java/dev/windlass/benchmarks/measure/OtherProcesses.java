package dev.windlass.benchmarks.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.windlass.WindlassException;
import dev.windlass.benchmarks.BenchmarksMain;
import dev.windlass.cli.JavaCommand;

/** Worker processes of a measure; destroyed when it is closed. */
final class OtherProcesses implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();

    OtherProcesses(Scene scene, String uri, int count, String... more) {
        for (int i = 0; i < count; i++) {
            var arguments = new ArrayList<>(List.of("attend", "--store", uri));
            arguments.addAll(List.of(more));
            List<String> command = JavaCommand.of(System.getProperty("java.class.path"), BenchmarksMain.class,
                    List.of(), arguments);
            try {
                var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
                builder.environment().putAll(scene.variables());
                processes.add(builder.start());
            } catch (IOException e) {
                close();
                throw new WindlassException("A worker process cannot be started: " + e.getMessage(), e);
            }
        }
    }

    /** Waits until all of them are at work. */
    @SuppressWarnings("resource") // ends with the process
    void awaitReady() {
        for (Process process : processes) {
            try {
                BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                String line = lines.readLine();
                if (!"ready".equals(line)) {
                    throw new WindlassException("The worker process ended too early; what it said stands above.");
                }
            } catch (IOException e) {
                throw new WindlassException("The worker process cannot be heard: " + e.getMessage(), e);
            }
        }
    }

    /** They are gone when it returns, and with them what they hold open; it waits for half a minute at most. */
    @Override
    public void close() {
        processes.forEach(Process::destroy);
        processes.forEach(process -> process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join());
    }
}
