package dev.windlass.workflow.internal;

import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.environment.Strand;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StepContext;
import org.jspecify.annotations.Nullable;

/** One try of a step at its run's owner. */
final class LocalAttempt implements StepContext {
    private enum Phase {
        RUNNING, ENDED, TIMED_OUT, STOPPED
    }

    private final int step;
    private final int number;
    private final DagStep definition;
    private final RunKeys keys;
    private final String segment;
    private final long startedNanos;
    private final long deadlineNanos;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    /** Set and used by the owner's thread only. */
    private @Nullable Strand strand;
    private volatile long bodyNanos = -1;
    private volatile long putNanos = -1;

    LocalAttempt(int step, int number, DagStep definition, RunKeys keys, String segment, long startedNanos,
            long deadlineNanos) {
        this.startedNanos = startedNanos;
        this.step = step;
        this.number = number;
        this.definition = definition;
        this.keys = keys;
        this.segment = segment;
        this.deadlineNanos = deadlineNanos;
    }

    int step() {
        return step;
    }

    DagStep definition() {
        return definition;
    }

    String segment() {
        return segment;
    }

    long startedNanos() {
        return startedNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void runsOn(Strand started) {
        strand = started;
    }

    /** Whether the body's end counts: it has neither timed out nor been stopped before. */
    boolean end() {
        return phase.compareAndSet(Phase.RUNNING, Phase.ENDED);
    }

    /** The time is over: interrupts the body; false if it has ended before. */
    boolean timeOut() {
        return interruptAs(Phase.TIMED_OUT);
    }

    /** Interrupts the body; false if it has ended before. */
    boolean stop() {
        return interruptAs(Phase.STOPPED);
    }

    private boolean interruptAs(Phase next) {
        if (!phase.compareAndSet(Phase.RUNNING, next)) {
            return false;
        }
        Strand thread = strand;
        if (thread != null) {
            thread.interrupt();
        }
        return true;
    }

    boolean isTimedOut() {
        return phase.get() == Phase.TIMED_OUT;
    }

    void took(long nanos) {
        bodyNanos = nanos;
    }

    /** How long the body took; -1 while it runs. */
    long bodyNanos() {
        return bodyNanos;
    }

    void putTook(long nanos) {
        putNanos = nanos;
    }

    /** How long the put of the outcome took; -1 if there was none. */
    long putNanos() {
        return putNanos;
    }

    @Override
    public String workflowId() {
        return keys.workflowId();
    }

    @Override
    public int run() {
        return keys.run();
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public String kind() {
        return definition.kind();
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public String idempotencyKey() {
        return keys.idempotencyKey(segment);
    }

    @Override
    public boolean isCancelled() {
        Phase now = phase.get();
        return now == Phase.TIMED_OUT || now == Phase.STOPPED;
    }
}
