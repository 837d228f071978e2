package dev.windlass.cli.command;

import java.time.Duration;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.bench.BenchPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What a measurement is given on the command line; shared by {@code bench} and its worker processes. */
final class BenchOptions {
    @Option(names = "--store", paramLabel = "URI", description = "file:DIRECTORY, s3://BUCKET/PREFIX or mem:. Default: WINDLASS_STORE, windlass.toml, or file:.windlass.")
    private @Nullable String storeOption;

    @Option(names = "--tasks", paramLabel = "N", defaultValue = "1000", description = "How many tasks (default: 1000).")
    private int tasks;

    @Option(names = "--concurrency", paramLabel = "C", defaultValue = "64", description = "Tasks at once in each worker (default: 64).")
    private int concurrency;

    @Option(names = "--latency", paramLabel = "MS", defaultValue = "0", description = "Delay each store request by so many milliseconds (default: 0).")
    private double latency;

    @Option(names = "--batch", paramLabel = "K", description = "A claim takes at most so many tasks, 1 to 1000 (default: as many as there are free slots).")
    private @Nullable Integer batch;

    @Option(names = "--warm-up", paramLabel = "N", description = "Tasks that each process runs beforehand, uncounted (default: as many as --tasks, at most 1000).")
    private @Nullable Integer warmUp;

    /** The plan; checked. */
    BenchPlan plan(CommandSpec spec, int processes, boolean apart) {
        if (!(latency >= 0 && latency <= 60_000)) {
            throw new InvalidInputException("The latency is " + latency + " ms. Use 0 to 60000.");
        }
        if (batch != null && batch < 1) {
            throw new InvalidInputException("The batch is " + batch + ". Use 1 to 1000.");
        }
        return new BenchPlan(StoreUri.of(spec, storeOption), tasks, concurrency, processes, apart,
                Duration.ofNanos(Math.round(latency * 1e6)),
                batch == null ? 0 : batch, warmUp == null ? Math.clamp(tasks, 0, 1000) : warmUp);
    }
}
