package dev.windlass.internal;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Keys and ids, of which each task needs some. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class KeysBenchmark {
    private static final String ID = "0192f0c1-2345-7abc-8def-0123456789ab";

    private String id = ID;
    private String queue = "emails";
    private Instant due = Instant.ofEpochMilli(1_700_000_000_000L);
    private String readyKey = Keys.ready(queue, 5, due, id, 0, "0123456789abcdef");

    /** The key of a task's object. */
    @Benchmark
    public String task() {
        return Keys.task(id, 2);
    }

    /** A ready key. */
    @Benchmark
    public String ready() {
        return Keys.ready(queue, 5, due, id, 0, "0123456789abcdef");
    }

    /** A ready key taken apart, as each that a LIST shows is. */
    @Benchmark
    public @Nullable Object parseReady() {
        return ReadyKey.parse(readyKey);
    }

    /** A fresh write id. */
    @Benchmark
    public String newWriteId() {
        return Keys.newWriteId(ThreadLocalRandom.current());
    }
}
