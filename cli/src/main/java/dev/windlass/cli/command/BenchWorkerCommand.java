package dev.windlass.cli.command;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

import dev.windlass.cli.bench.BenchWorker;
import dev.windlass.environment.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code windlass bench-worker}: a worker process that {@code bench} starts. */
@Command(name = "bench-worker", hidden = true, description = "A worker process of bench, which starts it by itself.", footerHeading = "%nExample:%n", footer = "  windlass bench --processes 2")
final class BenchWorkerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws InterruptedException, IOException {
        var in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
        return new BenchWorker(Environment.system(), options.plan(spec, 1, false), in, spec.commandLine().getOut())
                .run();
    }
}
