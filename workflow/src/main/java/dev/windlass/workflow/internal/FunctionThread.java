package dev.windlass.workflow.internal;

import java.time.Duration;

import dev.windlass.environment.Strand;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The thread that a function runs on, as its owner sees it: started, told to unwind, waited for. The owner's thread only, but
 * where it says otherwise.
 */
final class FunctionThread {
    private static final Duration UNWIND_WAIT = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(FunctionThread.class);

    private final FunctionRun run;
    private @Nullable Strand strand;
    /** Guarded by the gate. */
    private @Nullable FunctionContext context;
    /** Guarded by the gate. */
    private boolean suspended;

    /** Told how the function has ended, on its thread. */
    interface End {
        /**
         * Takes it; whether anybody listens.
         *
         * @param asked how much it had asked for
         */
        boolean of(@Nullable JsonNode result, @Nullable Throwable thrown, int asked);
    }

    FunctionThread(FunctionRun run) {
        this.run = run;
    }

    boolean isStarted() {
        return strand != null;
    }

    void start(FunctionBody body, FunctionAsk owner, End end) {
        strand = run.engine().environment().start("windlass-function-" + run.keys().workflowId(),
                () -> execute(body, owner, end));
    }

    private void execute(FunctionBody body, FunctionAsk owner, End end) {
        FunctionContext mine = new FunctionContext(run, owner);
        JsonNode result = null;
        Throwable thrown = null;
        try (var log = run.logContext()) {
            run.gate().lock();
            try {
                context = mine;
            } finally {
                run.gate().unlock();
            }
            result = body.run(mine);
        } catch (Throwable failed) {
            thrown = failed;
        }
        mine.end();
        boolean posted = end.of(result, thrown, mine.asked());
        LOG.trace("{}: its function has returned, told {}", run.label(), posted);
    }

    /** Whether the function is to unwind. Any thread's. */
    boolean isSuspended() {
        run.gate().lock();
        try {
            return suspended;
        } finally {
            run.gate().unlock();
        }
    }

    /** Whether the function waits, and for nothing that has ended. */
    boolean isBlocked() {
        run.gate().lock();
        try {
            return context != null && context.isBlocked();
        } finally {
            run.gate().unlock();
        }
    }

    /** Lets the function unwind at what it asks for next. */
    void suspend() {
        run.gate().lock();
        try {
            suspended = true;
            run.gate().signalAll();
        } finally {
            run.gate().unlock();
        }
    }

    /** Lets the function unwind, and waits for it: until then this claim's thread stays taken. */
    void unwind() throws InterruptedException {
        suspend();
        Strand function = strand;
        while (function != null && !function.join(UNWIND_WAIT)) {
            LOG.warn("{}: its function does not return, though it is to be put aside. Does it catch Throwable, or wait "
                    + "by itself?", run.label());
            function.interrupt();
        }
    }
}
