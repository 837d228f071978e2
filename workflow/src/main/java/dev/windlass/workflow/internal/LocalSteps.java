package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

import dev.windlass.LeaseLostException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.ReleaseRequest;
import dev.windlass.store.StoreException;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StepHandler;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowListener.TryOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Steps that run at the owner, each try on a thread of its own. A slot is taken while a body runs; the put of its outcome
 * goes on beside the next body. Methods are the owner's thread's only.
 */
final class LocalSteps {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSteps.class);
    private static final int LEAST_OPEN = 64;

    private final Run run;
    private final Environment environment;
    private final int slots;
    private final Set<LocalAttempt> bodies = new LinkedHashSet<>();
    private final Set<LocalAttempt> open = new LinkedHashSet<>();
    private final Beginnings beginnings;
    private final PriorityQueue<LocalAttempt> deadlines = new PriorityQueue<>(
            Comparator.comparingLong(LocalAttempt::deadlineNanos).thenComparingInt(LocalAttempt::step));

    LocalSteps(Run run) {
        this.run = run;
        this.environment = run.engine().environment();
        this.beginnings = new Beginnings(run);
        this.slots = run.options().localParallelism();
    }

    /** Whether a body may start: a slot is free, and not too many outcomes are still on their way. */
    boolean hasSlot() {
        return bodies.size() < slots && open.size() < Math.max(LEAST_OPEN, 4 * slots);
    }

    /** Whether a step's body has returned, and its outcome is on its way. */
    boolean isRecording(int step) {
        return open.stream().anyMatch(attempt -> attempt.step() == step && !bodies.contains(attempt));
    }

    int freeSlots() {
        return Math.max(0, slots - bodies.size());
    }

    /** Whether nothing is on its way that will still tell of an outcome. */
    boolean isIdle() {
        return open.isEmpty();
    }

    /** How long the running bodies have been at it, on average; 0 if none runs. */
    long meanRunningNanos(long now) {
        long sum = 0;
        for (LocalAttempt body : bodies) {
            sum += now - body.startedNanos();
        }
        return bodies.isEmpty() ? 0 : sum / bodies.size();
    }

    void start(int step, int number) {
        DagStep definition = run.plan().step(step);
        StepHandler handler = run.kinds().get(definition.kind());
        if (handler == null) {
            throw new IllegalStateException("no handler for kind " + definition.kind());
        }
        Duration timeout = definition.timeout();
        long now = environment.nanoTime();
        long deadline = timeout == null ? Long.MAX_VALUE : now + timeout.toNanos();
        LocalAttempt attempt = new LocalAttempt(step, number, definition, run.keys(), run.segment(step), now, deadline);
        StepOutcome[] parents = run.parents(step);
        bodies.add(attempt);
        open.add(attempt);
        if (timeout != null) {
            deadlines.add(attempt);
        }
        attempt.runsOn(environment.start("windlass-step-" + attempt.segment(), () -> work(attempt, handler, parents)));
    }

    private void work(LocalAttempt attempt, StepHandler handler, StepOutcome[] parents) {
        try (var context = run.logContext(attempt.step())) {
            Instant started = run.engine().storeTime();
            long begin = environment.nanoTime();
            StepBody.Given given = null;
            Throwable failure = null;
            boolean begun = false;
            try {
                Map<String, JsonNode> results = run.results(attempt.definition(), parents);
                begin = environment.nanoTime();
                if (attempt.isCancelled()) {
                    throw new InterruptedException("stopped before it began");
                }
                if (attempt.definition().options().atMostOnce() && !beginnings.begin(attempt)) {
                    attempt.took(environment.nanoTime() - begin);
                    if (attempt.end()) {
                        run.inbox().post(new RunEvent.BodyEnded(attempt));
                        run.inbox().post(new RunEvent.Failed(attempt, StepRecords.outcomeUnknown(), true));
                        return;
                    }
                    throw new InterruptedException("stopped before it began");
                }
                begun = true;
                given = StepBody.call(handler, attempt, attempt.definition().conditions(),
                        attempt.definition().input(), results, run.engine().json());
            } catch (Throwable thrown) {
                failure = thrown;
            }
            attempt.took(environment.nanoTime() - begin);
            boolean counts = attempt.end();
            run.inbox().post(new RunEvent.BodyEnded(attempt));
            if (begun && !attempt.isTimedOut()) {
                tell(attempt, !counts || failure instanceof ReleaseRequest
                        ? TryOutcome.STOPPED
                        : given == null ? TryOutcome.FAILED : TryOutcome.SUCCEEDED, attempt.bodyNanos());
            }
            if (!counts) {
                if (!attempt.isTimedOut()) {
                    run.inbox().post(new RunEvent.Abandoned(attempt));
                }
                return;
            }
            if (!begun && failure instanceof StoreException) {
                LOG.warn("{}: step {} could not read what it needs, trying again: {}", run.label(), attempt.name(),
                        failure.getMessage());
                run.inbox().post(new RunEvent.Unready(attempt));
                return;
            }
            if (failure instanceof ReleaseRequest) {
                LOG.info("{}: step {} is given back: {}", run.label(), attempt.name(), failure.getMessage());
                run.inbox().post(new RunEvent.Unready(attempt));
                return;
            }
            if (given == null) {
                run.inbox().post(new RunEvent.Failed(attempt,
                        failure == null ? new TaskError("failed", "", null) : TaskError.of(failure),
                        failure != null && !attempt.definition().options().isRetryable(failure)));
                return;
            }
            if (Thread.interrupted()) {
                LOG.debug("{}: the body of step {} left its thread interrupted", run.label(), attempt.name());
            }
            persist(attempt, given.outcome(attempt.attempt(), started, run.engine().storeTime(), false,
                    run.claim().workerId()));
        } catch (Throwable failure) {
            run.inbox().post(new RunEvent.Broken(failure));
        }
    }

    /** Tells listeners how a try has ended. Any thread's. */
    void tell(LocalAttempt attempt, TryOutcome outcome, long nanos) {
        run.listener().stepTried(new WorkflowListener.StepTried(run.keys().workflowId(), run.keys().run(),
                attempt.name(), attempt.kind(), attempt.attempt(), outcome, false, Duration.ofNanos(nanos)));
    }

    private void persist(LocalAttempt attempt, StepOutcome outcome) {
        try {
            long begin = environment.nanoTime();
            StepRecords.Stored stored = run.records().record(attempt.segment(), outcome, () -> !run.claim().isLost());
            attempt.putTook(environment.nanoTime() - begin);
            run.inbox().post(new RunEvent.Recorded(attempt.step(), stored.outcome(), attempt, stored.size()));
        } catch (LeaseLostException | InterruptedException stopped) {
            run.inbox().post(new RunEvent.Abandoned(attempt));
        }
    }

    /** Records that a step has failed for good. */
    void recordFailure(LocalAttempt attempt, TaskError error) {
        Instant now = run.engine().storeTime();
        StepOutcome outcome = new StepOutcome(null, null, error, attempt.attempt(), now, now, false,
                run.claim().workerId());
        open.add(attempt);
        environment.start("windlass-step-" + attempt.segment(), () -> {
            try (var context = run.logContext(attempt.step())) {
                persist(attempt, outcome);
            } catch (Throwable failure) {
                run.inbox().post(new RunEvent.Broken(failure));
            }
        });
    }

    void bodyEnded(LocalAttempt attempt) {
        bodies.remove(attempt);
    }

    /** Others have recorded how a step ended: a try of it that has not is no use any more. */
    void overtaken(int step) {
        for (LocalAttempt attempt : open) {
            if (attempt.step() == step && attempt.stop()) {
                try (var context = LogContext.ofStep(attempt.name())) {
                    LOG.debug("{}: step {} has ended elsewhere", run.label(), attempt.name());
                }
            }
        }
    }

    /** Nothing more will come of a try. */
    void closed(LocalAttempt attempt) {
        open.remove(attempt);
        deadlines.remove(attempt);
    }

    /** Takes out the tries whose time is over, and interrupts them. Their slots stay taken until the bodies return. */
    List<LocalAttempt> expire(long now) {
        List<LocalAttempt> expired = new ArrayList<>();
        for (LocalAttempt next = deadlines.peek(); next != null
                && next.deadlineNanos() - now <= 0; next = deadlines.peek()) {
            deadlines.remove();
            if (next.timeOut()) {
                open.remove(next);
                expired.add(next);
            }
        }
        return expired;
    }

    /** When the next time-out is due, as the monotonic clock counts; null if there is none. */
    @Nullable
    Long nextDeadline() {
        LocalAttempt next = deadlines.peek();
        return next == null ? null : next.deadlineNanos();
    }

    /** Whether bodies run, those whose time is over included. */
    boolean hasBodies() {
        return !bodies.isEmpty();
    }

    /** Interrupts all bodies. */
    void stop() {
        bodies.forEach(LocalAttempt::stop);
    }
}
