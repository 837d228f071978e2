package dev.windlass.benchmarks.hot;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.Worker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The way of a task on a store that takes no time: what the queue itself costs, on all processors together. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(2)
@State(Scope.Benchmark)
public class ClaimPathBenchmark {
    private static final TaskType<Integer, Integer> TYPE = TaskType.of("windlass-hot", Integer.class, Integer.class);
    private static final int TASKS = 1000;
    private static final List<Integer> INPUTS = Collections.nCopies(TASKS, 7);
    private static final Duration LOOK = Duration.ofNanos(200_000);

    private final Environment environment = Environment.system();
    private Windlass windlass = connect();

    private static Windlass connect() {
        return Windlass.builder().connect("mem:");
    }

    /** A store for each shot, with tasks that wait. */
    @Setup(Level.Invocation)
    public void plant() {
        windlass = connect();
        windlass.queue("hot").submitAll(TYPE, INPUTS, SubmitOptions.ofDefaults());
    }

    /** Forgets it. */
    @TearDown(Level.Invocation)
    public void forget() {
        windlass.close();
    }

    /** Claimed in batches, run and completed. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long drain() throws InterruptedException {
        try (Worker worker = windlass.worker().queue("hot").concurrency(64).sweeper(false)
                .handle(TYPE, (task, input) -> input).start()) {
            while (worker.stats().completed() < TASKS) {
                environment.sleep(LOOK);
            }
            return worker.stats().completed();
        }
    }

    /** Submitted, each acknowledged. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int submit() {
        return windlass.queue("hot").submitAll(TYPE, INPUTS, SubmitOptions.ofDefaults()).size();
    }
}
