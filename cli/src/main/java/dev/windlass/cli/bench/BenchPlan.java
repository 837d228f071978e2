package dev.windlass.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;

/**
 * What to measure.
 *
 * @param store the store's URI
 * @param tasks how many tasks, 1 to 10,000,000
 * @param concurrency tasks at once in each worker, 1 to 10,000
 * @param processes how many worker processes, 1 to 64; one is this very process, unless {@code apart}
 * @param apart whether one worker, too, is a process of its own, as fresh as several are
 * @param latency by how much each request is delayed in the client
 * @param batch how many tasks a claim takes at most, 1 to 1,000; 0 for as many as there are free slots
 * @param warmUp how many tasks each process submits and runs beforehand, uncounted; 0 for none
 */
public record BenchPlan(String store, int tasks, int concurrency, int processes, boolean apart, Duration latency,
        int batch, int warmUp) {

    /** Checks the numbers. */
    public BenchPlan {
        check("number of tasks", tasks, 1, 10_000_000);
        check("concurrency", concurrency, 1, 10_000);
        check("number of processes", processes, 1, 64);
        check("batch", batch, 0, 1000);
        check("warm-up", warmUp, 0, 1_000_000);
        if (latency.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new InvalidInputException("The latency is " + latency.toMillis() + " ms. Use at most a minute.");
        }
        if ((processes > 1 || apart) && store.startsWith("mem:")) {
            throw new InvalidInputException(
                    "A mem: store is private to one process. Use --processes 1 without --apart, "
                            + "or a file: or s3: store.");
        }
    }

    /** Whether the worker is this very process. */
    boolean isLocal() {
        return processes == 1 && !apart;
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidInputException("The " + what + " is " + value + ". Use " + least + " to " + most + ".");
        }
    }

    /** The arguments by which a worker process gets the same plan. */
    List<String> workerArguments() {
        List<String> arguments = new ArrayList<>(List.of("bench-worker", "--store", store, "--tasks",
                String.valueOf(tasks), "--concurrency", String.valueOf(concurrency), "--latency",
                String.valueOf(latency.toNanos() / 1e6), "--warm-up", String.valueOf(warmUp)));
        if (batch > 0) {
            arguments.addAll(List.of("--batch", String.valueOf(batch)));
        }
        return arguments;
    }
}
