package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.LeaseLostException;
import dev.windlass.WindlassException;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;

/** Runs the handler of a claim, and ends the claim with what came of it. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration SETTLE_PAUSE = Duration.ofSeconds(1);

    private final Core core;
    private final String workerId;
    private final LeaseKeeper leases;
    private final Handlers handlers;
    private final Settlement settlement;
    private final Deadlines deadlines;
    private final Tally tally;

    Execution(Core core, String workerId, LeaseKeeper leases, Handlers handlers, Deadlines deadlines, Tally tally) {
        this.core = core;
        this.workerId = workerId;
        this.leases = leases;
        this.handlers = handlers;
        this.settlement = new Settlement(core);
        this.deadlines = deadlines;
        this.tally = tally;
    }

    /** Works on a claim to its end, on this strand. */
    void run(Attempt attempt) {
        TaskDocument document = attempt.document();
        MDC.put("task", document.id());
        MDC.put("queue", document.queue());
        MDC.put("worker", workerId);
        Duration timeout = document.timeout();
        Deadlines.Entry timer = timeout == null ? null : deadlines.add(timeout, () -> timeOut(attempt, timeout));
        try {
            Settlement.Verdict verdict = work(attempt);
            if (attempt.trySettle()) {
                end(attempt, verdict);
            }
        } finally {
            if (timer != null) {
                deadlines.remove(timer);
            }
            MDC.remove("task");
            MDC.remove("queue");
            MDC.remove("worker");
        }
    }

    private Settlement.Verdict work(Attempt attempt) {
        attempt.enterHandler();
        try {
            return switch (handlers.get(attempt.document().type())) {
                case Handlers.Entry.Typed typed -> call(attempt, typed);
                case Handlers.Entry.Engine engine -> callEngine(attempt, engine.handler());
                case null -> new Settlement.Verdict.Again(Duration.ZERO, "released", "no handler");
            };
        } catch (RescheduleRequest request) {
            if (attempt.document().isEngine()) {
                return failed(attempt, request);
            }
            return new Settlement.Verdict.Again(request.delay(), "rescheduled", null);
        } catch (PermanentFailure failure) {
            if (attempt.document().isEngine()) {
                return failed(attempt, failure); // an engine's task ends by what its engine answers, or its finaliser
            }
            LOG.warn("task {} failed for good in attempt {}: {}", attempt.taskId(), attempt.document().attempt(),
                    failure.toString());
            return new Settlement.Verdict.Failed(TaskError.of(failure), true, "failed");
        } catch (InterruptedException failure) {
            return failed(attempt, failure);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError | OutOfMemoryError failure) {
            return failed(attempt, failure);
        } finally {
            attempt.leaveHandler();
        }
    }

    private Settlement.Verdict failed(Attempt attempt, Throwable failure) {
        Attempt.Stop stop = attempt.stop();
        if (stop == Attempt.Stop.DRAINED || stop == Attempt.Stop.LEASE_LOST) {
            return new Settlement.Verdict.Again(Duration.ZERO, "released",
                    stop == Attempt.Stop.DRAINED ? "the worker stops" : "the worker's lease was lost");
        }
        LOG.warn("task {} of type {} failed in attempt {}: {}", attempt.taskId(), attempt.document().type(),
                attempt.document().attempt(), failure.toString());
        LOG.debug("task {}: stack trace of attempt {}", attempt.taskId(), attempt.document().attempt(), failure);
        return new Settlement.Verdict.Failed(TaskError.of(failure), false, "failed");
    }

    private Settlement.Verdict call(Attempt attempt, Handlers.Entry.Typed typed) throws Exception {
        TaskDocument document = attempt.document();
        JsonNode tree = document.input();
        String reference = document.inputRef();
        if (tree == null && reference != null) {
            tree = Json.MAPPER.readTree(core.payloads().get(reference));
        }
        Object input = Json.decode(core.mapper(), "The input of task " + document.id(),
                tree == null ? Json.MAPPER.nullNode() : tree, typed.type().inputType());
        Object output = typed.handler().handle(new HandlerContext(attempt), input);
        return complete(attempt, output);
    }

    private Settlement.Verdict complete(Attempt attempt, @Nullable Object output) {
        String id = attempt.taskId();
        if (output == null) {
            return new Settlement.Verdict.Complete(null, null);
        }
        try {
            JsonNode tree = Json.encode(core.mapper(), "The result of task " + id, output);
            byte[] bytes = Json.bytes(tree);
            Payloads.check("The result of task " + id, bytes);
            if (bytes.length <= Payloads.INLINE) {
                return new Settlement.Verdict.Complete(tree, null);
            }
            return new Settlement.Verdict.Complete(null, core.payloads().put(id, "output", bytes));
        } catch (InvalidInputException e) {
            LOG.warn("task {}: {}", id, e.getMessage());
            return new Settlement.Verdict.Failed(TaskError.of(e), true, "failed");
        }
    }

    private Settlement.Verdict callEngine(Attempt attempt, EngineHandler handler) throws Exception {
        TaskDocument document = attempt.document();
        var claim = new DefaultEngineClaim(core, attempt, workerId);
        boolean exhausted = document.failures() >= document.retry().maxAttempts();
        EngineOutcome outcome = exhausted ? handler.finalise(claim) : handler.execute(claim);
        return switch (outcome) {
            case EngineOutcome.Complete complete -> new Settlement.Verdict.Complete(complete.output(), null);
            case EngineOutcome.Fail fail -> new Settlement.Verdict.Failed(fail.error(), true, "failed");
            case EngineOutcome.Cancel cancel -> new Settlement.Verdict.Cancel(cancel.reason());
            case EngineOutcome.Park park -> new Settlement.Verdict.Park(park.due());
            case EngineOutcome.Release release -> new Settlement.Verdict.Again(Duration.ZERO, "released", null);
        };
    }

    /** The time is over: the attempt counts as failed now; its slot stays taken until the handler returns. */
    private void timeOut(Attempt attempt, Duration timeout) {
        if (!attempt.trySettle()) {
            return;
        }
        attempt.stop(Attempt.Stop.TIMED_OUT);
        LOG.warn("task {}: attempt {} timed out after {}", attempt.taskId(), attempt.document().attempt(), timeout);
        core.environment().start("windlass-timeout-" + attempt.taskId(),
                () -> end(attempt, new Settlement.Verdict.Failed(
                        new TaskError("timeout", "the attempt took longer than its time-out of " + timeout, null),
                        false,
                        "timed-out")));
    }

    /** The worker stops, and the handler has not: its task goes back. */
    void release(Attempt attempt) {
        if (attempt.trySettle()) {
            end(attempt, new Settlement.Verdict.Again(Duration.ZERO, "released", "the worker stops"));
        }
    }

    /** Ends the claim, however long the store takes, as long as the lease is ours. Its coverage goes afterwards. */
    private void end(Attempt attempt, Settlement.Verdict verdict) {
        boolean interrupted = false;
        try {
            while (!tryEnd(attempt, verdict)) {
                interrupted |= pause();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits before the next try; an interrupt must not leave a claim that nobody ends in a lease that lives. */
    private boolean pause() {
        try {
            core.environment().sleep(SETTLE_PAUSE);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean tryEnd(Attempt attempt, Settlement.Verdict verdict) {
        try {
            TaskDocument after = settlement.settle(attempt.version(), attempt.taskId(), attempt.claimWriteId(),
                    workerId, verdict, attempt.ownWrites());
            leases.uncover(List.of(attempt.claimWriteId()));
            tally.ended(after.state());
            LOG.debug("task {}: attempt {} ended, the task is {}", attempt.taskId(), attempt.document().attempt(),
                    after.state().name().toLowerCase(Locale.ROOT));
            return true;
        } catch (LeaseLostException e) {
            leases.uncover(List.of(attempt.claimWriteId()));
            tally.leaseLost();
            LOG.warn("{}", e.getMessage());
            return true;
        } catch (WindlassException e) {
            tally.storeFailed();
            LOG.warn("task {}: the end of attempt {} could not be recorded yet: {}", attempt.taskId(),
                    attempt.document().attempt(), e.getMessage());
            return !leases.holds(attempt.leaseId()); // if it is lost, a sweeper resolves what it lists
        }
    }
}
