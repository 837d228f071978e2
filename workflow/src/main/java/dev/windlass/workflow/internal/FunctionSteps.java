package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.ReleaseRequest;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowListener.TryOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Steps of a durable function that run at its owner, each try on a thread of its own: lambdas, and calls of step types that
 * this process knows. The owner's thread only, but where it says otherwise.
 */
final class FunctionSteps {
    /** How long a step waits whose begin could not be marked, since the store gave no answer. */
    private static final long UNREADY_WAIT = Duration.ofSeconds(1).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(FunctionSteps.class);

    private final FunctionRun run;
    private final FunctionOwner owner;
    private final Environment environment;
    private final Beginnings beginnings;
    private final Set<Op> ready = new LinkedHashSet<>();
    private final Set<Op> waiting = new LinkedHashSet<>();
    private final Map<LocalAttempt, Op> bodies = new LinkedHashMap<>();
    /** Steps that have failed, have paused the run for it, and are begun at most once. */
    private final List<Op> toForget = new ArrayList<>();

    FunctionSteps(FunctionRun run, FunctionOwner owner) {
        this.run = run;
        this.owner = owner;
        this.environment = run.engine().environment();
        this.beginnings = new Beginnings(run);
    }

    void add(Op op) {
        op.phase = Op.Phase.READY;
        ready.add(op);
    }

    /** A step waits for its next try, as an earlier owner has left it. */
    void await(Op op, int failures, long retryAt) {
        op.failures = failures;
        op.retryAt = retryAt;
        op.phase = Op.Phase.WAITING;
        waiting.add(op);
    }

    boolean hasBodies() {
        return !bodies.isEmpty();
    }

    /** Whether a step could begin now. */
    boolean hasReady() {
        return ready.stream().anyMatch(op -> op.group == null || !op.group.isFull());
    }

    /** When the next try is due, or a body's time is over, as the monotonic clock counts; null if neither will be. */
    @Nullable
    Long next(boolean starts) {
        Long next = null;
        for (Op op : starts ? waiting : Set.<Op>of()) {
            next = next == null || op.retryAt - next < 0 ? Long.valueOf(op.retryAt) : next;
        }
        for (LocalAttempt attempt : bodies.keySet()) {
            long deadline = attempt.deadlineNanos();
            if (deadline != Long.MAX_VALUE && !attempt.isTimedOut()) {
                next = next == null || deadline - next < 0 ? Long.valueOf(deadline) : next;
            }
        }
        return next;
    }

    /** When the next try is due; null if none waits. */
    @Nullable
    Long nextTry() {
        Long next = null;
        for (Op op : waiting) {
            next = next == null || op.retryAt - next < 0 ? Long.valueOf(op.retryAt) : next;
        }
        return next;
    }

    /** Steps between two tries. */
    Set<Op> waiting() {
        return waiting;
    }

    void expire(long now) {
        for (LocalAttempt attempt : List.copyOf(bodies.keySet())) {
            Op op = bodies.get(attempt);
            if (op != null && attempt.deadlineNanos() != Long.MAX_VALUE && attempt.deadlineNanos() - now <= 0
                    && attempt.timeOut()) {
                tell(attempt, TryOutcome.TIMED_OUT, now - attempt.startedNanos());
                failed(op, attempt, new TaskError("timeout", "The step's time of " + op.options.timeout()
                        + " was over.", null), false, now);
            }
        }
    }

    /** The pause is known. Only from now on may a step begin once more that was begun, and is to be so at most once. */
    void pauseLanded() {
        toForget.forEach(op -> run.records().forgetBegin(op.segment));
        toForget.clear();
    }

    void start(long now) {
        pauseLanded(); // and is over
        for (Op op : List.copyOf(waiting)) {
            if (op.retryAt - now <= 0) {
                waiting.remove(op);
                add(op);
            }
        }
        for (Op op : List.copyOf(ready)) {
            if (bodies.size() >= run.options().localParallelism()) {
                return;
            }
            if (op.group == null || !op.group.isFull()) {
                ready.remove(op);
                begin(op, now);
            }
        }
    }

    private void begin(Op op, long now) {
        StepHandler handler = op.body == null ? run.kinds().get(String.valueOf(op.callKind)) : op.body;
        if (handler == null) {
            throw new IllegalStateException("no handler for " + op.label());
        }
        Duration timeout = op.options.timeout();
        LocalAttempt attempt = new LocalAttempt(op.position, op.failures + 1,
                DagStep.of(op.name, op.callKind == null ? op.kind.word() : op.callKind, null, List.of()), run.keys(),
                op.segment, now, timeout == null ? Long.MAX_VALUE : now + timeout.toNanos());
        op.phase = Op.Phase.RUNNING;
        if (op.group != null) {
            op.group.began();
        }
        bodies.put(attempt, op);
        attempt.runsOn(environment.start("windlass-step-" + op.segment, () -> work(op, attempt, handler)));
    }

    private LogContext logContext(Op op) {
        return run.logContext().step(op.name);
    }

    /** A try, on its own thread. */
    private void work(Op op, LocalAttempt attempt, StepHandler handler) {
        try (var context = logContext(op)) {
            Instant started = run.engine().storeTime();
            long begin = environment.nanoTime();
            JsonNode result = null;
            Throwable failure = null;
            boolean begun = false;
            try {
                if (attempt.isCancelled()) {
                    throw new InterruptedException("stopped before it began");
                }
                begun = !op.options.atMostOnce() || beginnings.begin(attempt);
                if (begun) {
                    result = StepBody.call(handler, attempt, List.of(),
                            op.input == null ? NullNode.getInstance() : op.input, Map.of(), run.engine().json())
                            .orNull();
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
            attempt.took(environment.nanoTime() - begin);
            boolean counts = attempt.end();
            if (Thread.interrupted()) {
                LOG.debug("{}: the body of step {} left its thread interrupted", run.label(), op.name);
            }
            boolean isReleased = failure instanceof ReleaseRequest;
            boolean isUnready = !begun && failure instanceof StoreException;
            boolean isUnknown = !begun && failure == null;
            if (!attempt.isTimedOut() && !isUnready && !isUnknown) {
                tell(attempt, !counts || isReleased
                        ? TryOutcome.STOPPED
                        : result == null ? TryOutcome.FAILED : TryOutcome.SUCCEEDED, attempt.bodyNanos());
            }
            JsonNode given = result;
            Throwable thrown = failure;
            Instant ended = run.engine().storeTime();
            run.inbox().post(new RunEvent.Deed(() -> {
                bodyEnded(op, attempt);
                if (counts && isUnready) {
                    LOG.warn("{}: step {} could not be marked as begun, trying again: {}", run.label(), op.name,
                            String.valueOf(thrown));
                    await(op, op.failures, environment.nanoTime() + UNREADY_WAIT);
                } else if (counts && isReleased) {
                    LOG.info("{}: step {} is given back: {}", run.label(), op.name, String.valueOf(thrown));
                    await(op, op.failures, environment.nanoTime() + UNREADY_WAIT);
                } else if (counts && isUnknown) {
                    failed(op, attempt, StepRecords.outcomeUnknown(), true, environment.nanoTime());
                } else {
                    ended(op, attempt, counts, given, thrown, started, ended);
                }
            }));
        } catch (Throwable failure) {
            run.inbox().post(new RunEvent.Broken(failure));
        }
    }

    private void bodyEnded(Op op, LocalAttempt attempt) {
        bodies.remove(attempt);
        if (op.group != null) {
            op.group.ended();
        }
    }

    private void ended(Op op, LocalAttempt attempt, boolean counts, @Nullable JsonNode result,
            @Nullable Throwable failure, Instant started, Instant ended) {
        if (!counts) {
            if (!attempt.isTimedOut() && op.phase == Op.Phase.RUNNING) {
                add(op); // called off, counting as no failure
            }
            return;
        }
        if (result == null) {
            failed(op, attempt, failure == null ? new TaskError("failed", "", null) : TaskError.of(failure),
                    failure != null && !op.options.isRetryable(failure), environment.nanoTime());
            return;
        }
        owner.record(op, new StepOutcome(result, null, null, attempt.attempt(), started, ended, false,
                run.claim().workerId()), null);
    }

    private void failed(Op op, LocalAttempt attempt, TaskError error, boolean permanent, long now) {
        op.failures = attempt.attempt();
        boolean last = permanent || op.options.atMostOnce() || op.failures >= op.options.retry().maxAttempts();
        try (var context = LogContext.ofStep(op.name)) {
            LOG.warn("{} step {}: try {} of {} failed{}: {}", run.label(), op.name, op.failures,
                    op.options.retry().maxAttempts(), last ? ", for good" : "", error.summary());
        }
        if (!last) {
            await(op, op.failures, now + op.options.retry().delayAfter(op.failures, environment.random()).toNanos());
        } else if (op.options.onFailure() == OnFailure.PAUSE) {
            // Held from this moment on: nothing begins any more, this step neither.
            owner.hold(FailurePauses.reason(op.name, op.failures, error));
            if (op.options.atMostOnce()) {
                toForget.add(op);
            }
            op.failures = 0;
            add(op);
        } else {
            Instant at = run.engine().storeTime();
            owner.record(op, new StepOutcome(null, null, error, op.failures, at, at, false, run.claim().workerId()),
                    null);
        }
    }

    private void tell(LocalAttempt attempt, TryOutcome outcome, long nanos) {
        run.listener().stepTried(new WorkflowListener.StepTried(run.keys().workflowId(), run.keys().run(),
                attempt.name(), attempt.kind(), attempt.attempt(), outcome, false, Duration.ofNanos(nanos)));
    }

    /** Interrupts all bodies. */
    void stop() {
        bodies.keySet().forEach(LocalAttempt::stop);
    }

    /** What has been begun and has not ended. */
    List<Op> open() {
        List<Op> open = new ArrayList<>(waiting);
        bodies.values().forEach(op -> {
            if (op.phase == Op.Phase.RUNNING) {
                open.add(op);
            }
        });
        return open;
    }
}
