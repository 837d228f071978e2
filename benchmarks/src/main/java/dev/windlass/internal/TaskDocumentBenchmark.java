package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.windlass.queue.RetryPolicy;
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

/** What a task's object costs to read, to change and to write: each is done once or twice in a task's life. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class TaskDocumentBenchmark {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final String ID = "0192f0c1-2345-7abc-8def-0123456789ab";
    private static final String CLAIM = "0123456789abcdef";

    private final TaskDocument pending = pending();
    private final byte[] pendingBytes = pending.bytes();
    private final TaskDocument running = running(pending);

    private static TaskDocument pending() {
        return TaskDocument.create().set("id", ID).set("queue", "emails").set("type", "send-email")
                .state(TaskState.PENDING).set("gen", 0)
                .set("readyKey", Keys.ready("emails", 5, NOW, ID, 0, CLAIM)).set("priority", 5).set("createdAt", NOW)
                .set("dueAt", NOW).retry(RetryPolicy.ofDefaults()).set("inputHash", Keys.sha256Hex("input"))
                .set("input", Json.MAPPER.createObjectNode().put("to", "ada@example.org").put("subject", "hello"))
                .set("failures", 0).set("timeoutMillis", Duration.ofMinutes(5).toMillis())
                .record(CLAIM, NOW, "submitted", null, null).build();
    }

    private static TaskDocument running(TaskDocument pending) {
        return pending.edit().state(TaskState.RUNNING).set("readyKey", (String) null)
                .set("attempt", pending.attempt() + 1L).set("claimWriteId", CLAIM).set("leaseId", "lease")
                .set("workerId", "host-1234-abcdef").set("claimedAt", NOW).set("deadlineAt", NOW.plusSeconds(300))
                .flag("parked", false).flag("parking", false).record(CLAIM, NOW, "claimed", "host-1234-abcdef", null)
                .build();
    }

    /** From bytes, as a claim reads it. */
    @Benchmark
    public @Nullable Object decode() {
        return TaskDocument.parse(pendingBytes, ID);
    }

    /** To bytes, as a claim or a completion writes it. */
    @Benchmark
    public byte[] encode() {
        return running.bytes();
    }

    /** The change that a claim makes. */
    @Benchmark
    public Object edit() {
        return running(pending);
    }
}
