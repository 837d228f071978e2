package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.windlass.InvalidInputException;
import dev.windlass.LeaseLostException;
import dev.windlass.WindlassException;
import dev.windlass.observer.AttemptOutcome;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.ReleaseRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Runs the handler of a claim, and ends the claim with what came of it. */
final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration SETTLE_PAUSE = Duration.ofSeconds(1);
    private static final String TIMED_OUT = "timed-out";
    /** Why a task goes back: for its history. */
    static final String STOPS = "the worker stops";
    /** Another one. */
    static final String LOST_LEASE = "the worker's lease was lost";

    private final Core core;
    private final String workerId;
    private final LeaseKeeper leases;
    private final Handlers handlers;
    private final Settlement settlement;
    private final Deadlines deadlines;
    private final Tally tally;
    private final TypeRules rules;
    private final Hooks hooks;

    Execution(Core core, String workerId, LeaseKeeper leases, Handlers handlers, Deadlines deadlines, Tally tally,
            TypeRules rules, Hooks hooks) {
        this.core = core;
        this.workerId = workerId;
        this.leases = leases;
        this.handlers = handlers;
        this.settlement = new Settlement(core);
        this.deadlines = deadlines;
        this.tally = tally;
        this.rules = rules;
        this.hooks = hooks;
    }

    /** Works on a claim to its end, on this strand. */
    void run(Attempt attempt) {
        Duration timeout = rules.timeout(attempt.document());
        Deadlines.Entry timer = timeout == null ? null : deadlines.add(timeout, () -> timeOut(attempt, timeout));
        try (var context = attempt.logContext()) {
            Settlement.Verdict verdict = observed(attempt);
            Progress said = attempt.progressSaid();
            if (said != null) {
                said.close();
            }
            if (attempt.trySettle()) {
                end(attempt, verdict);
            } else {
                LOG.warn(
                        "task {}: the handler of attempt {} returned after the attempt had been ended; what it did is not"
                                + " recorded",
                        attempt.taskId(), attempt.document().attempt());
            }
        } finally {
            if (timer != null) {
                deadlines.remove(timer);
            }
        }
    }

    private Settlement.Verdict observed(Attempt attempt) {
        if (core.observers().isEmpty()) {
            return work(attempt);
        }
        core.observers().attemptStarted(attempt.ref(), attempt.waited());
        long begin = core.environment().nanoTime();
        try {
            return work(attempt);
        } finally {
            core.observers().handlerReturned(attempt.ref(), Duration.ofNanos(core.environment().nanoTime() - begin));
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
            return new Settlement.Verdict.Again(request.delay(), Settlement.RESCHEDULED, null);
        } catch (ReleaseRequest request) {
            if (isGivenUp(attempt.stop())) {
                return failed(attempt, request);
            }
            LOG.info("task {}: attempt {} is given back: {}", attempt.taskId(), attempt.document().attempt(),
                    request.getMessage());
            return new Settlement.Verdict.Again(Duration.ZERO, "released", request.getMessage());
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

    /** Whether the worker has taken the task from its handler. */
    private static boolean isGivenUp(Attempt.@Nullable Stop stop) {
        return stop == Attempt.Stop.DRAINED || stop == Attempt.Stop.LEASE_LOST;
    }

    private Settlement.Verdict failed(Attempt attempt, Throwable failure) {
        Attempt.Stop stop = attempt.stop();
        if (isGivenUp(stop)) {
            String why = stop == Attempt.Stop.DRAINED ? STOPS : LOST_LEASE;
            LOG.info("task {}: attempt {} was interrupted, since {}: {}", attempt.taskId(),
                    attempt.document().attempt(), why, failure.toString());
            return new Settlement.Verdict.Again(Duration.ZERO, "released", why);
        }
        LOG.warn("task {} of type {} failed in attempt {}: {}", attempt.taskId(), attempt.document().type(),
                attempt.document().attempt(), failure.toString());
        LOG.debug("task {}: stack trace of attempt {}", attempt.taskId(), attempt.document().attempt(), failure);
        return new Settlement.Verdict.Failed(TaskError.of(failure), false, "failed");
    }

    private Settlement.Verdict call(Attempt attempt, Handlers.Entry.Typed typed) throws Exception {
        TaskDocument document = attempt.document();
        JsonNode tree = core.payloads().input(document);
        Object input = Json.decode(core.mapper(), "The input of task " + document.id(),
                tree == null ? Json.MAPPER.nullNode() : tree, typed.type().inputType());
        Object output = typed.handler().handle(new HandlerContext(attempt), input);
        return complete(attempt, output);
    }

    private Settlement.Verdict complete(Attempt attempt, @Nullable Object output) {
        String id = attempt.taskId();
        try {
            JsonNode tree = output == null ? null : Json.encode(core.mapper(), "The result of task " + id, output);
            core.checks().output(attempt.document().type(), tree);
            if (tree == null) {
                return new Settlement.Verdict.Complete(null, null);
            }
            byte[] bytes = Json.bytes(tree);
            Payloads.check("The result of task " + id, bytes);
            Codecs.Encoded encoded = core.payloads().codecs().encode(Payloads.of(attempt.document(), "output"), bytes);
            if (encoded != null) {
                JsonNode inline = encoded.inline();
                return new Settlement.Verdict.Complete(inline,
                        inline != null ? null : core.payloads().put(id, "output", encoded.bytes()), encoded.codec());
            }
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
        try (var context = attempt.logContext()) {
            LOG.warn("task {}: attempt {} timed out after {}", attempt.taskId(), attempt.document().attempt(), timeout);
            try {
                attempt.stop(Attempt.Stop.TIMED_OUT);
            } catch (RuntimeException e) {
                LOG.error("task {}: attempt {} could not be told that it is over", attempt.taskId(),
                        attempt.document().attempt(), e);
            }
        }
        core.environment().start("windlass-timeout-" + attempt.taskId(), () -> {
            try (var context = attempt.logContext()) {
                end(attempt, new Settlement.Verdict.Failed(
                        new TaskError("timeout", "the attempt took longer than its time-out of " + timeout, null),
                        false, TIMED_OUT));
            }
        });
    }

    /**
     * The task goes back, whatever its handler does.
     *
     * @param why for its history, as in "the worker stops"
     */
    void release(Attempt attempt, String why) {
        if (attempt.trySettle()) {
            try (var context = attempt.logContext()) {
                LOG.info("task {}: attempt {} is given back, since {}", attempt.taskId(), attempt.document().attempt(),
                        why);
                end(attempt, new Settlement.Verdict.Again(Duration.ZERO, "released", why));
            }
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
            ended(attempt, Settlement.counted(verdict, after), after);
            return true;
        } catch (LeaseLostException e) {
            leases.uncover(List.of(attempt.claimWriteId()));
            tally.leaseLost();
            LOG.warn("{}", e.getMessage());
            hooks.leaseLost(attempt);
            core.observers().attemptEnded(attempt.ref(), AttemptOutcome.LOST, null);
            return true;
        } catch (WindlassException e) {
            tally.storeFailed();
            LOG.warn("task {}: the end of attempt {} could not be recorded yet: {}", attempt.taskId(),
                    attempt.document().attempt(), e.getMessage());
            core.observers().endDelayed(attempt.ref());
            if (leases.holds(attempt.leaseId())) {
                return false;
            }
            // A sweeper resolves what the lost lease lists.
            tally.leaseLost();
            LOG.warn("task {}: the end of attempt {} is left to a sweeper, since the lease of worker {} is lost",
                    attempt.taskId(), attempt.document().attempt(), workerId);
            hooks.leaseLost(attempt);
            core.observers().attemptEnded(attempt.ref(), AttemptOutcome.LOST, null);
            return true;
        }
    }

    private void ended(Attempt attempt, Settlement.Verdict verdict, TaskDocument after) {
        if (after.state() == TaskState.FAILED && !after.isEngine()
                && verdict instanceof Settlement.Verdict.Failed failed && !failed.permanent()) {
            LOG.warn("task {} has failed for good: attempt {} was its last", attempt.taskId(),
                    attempt.document().attempt());
        } else if (after.state() == TaskState.CANCELLED) {
            LOG.info("task {} is cancelled, as asked for; attempt {} was its last", attempt.taskId(),
                    attempt.document().attempt());
        } else {
            LOG.debug("task {}: attempt {} ended, the task is {}", attempt.taskId(), attempt.document().attempt(),
                    after.state().name().toLowerCase(Locale.ROOT));
        }
        core.observers().attemptEnded(attempt.ref(), outcome(verdict), after.status());
        tellHooks(attempt, verdict, after);
    }

    private void tellHooks(Attempt attempt, Settlement.Verdict verdict, TaskDocument after) {
        if (after.isEngine() || hooks.isEmpty()) {
            return;
        }
        if (verdict instanceof Settlement.Verdict.Complete && after.state() == TaskState.COMPLETED) {
            hooks.succeeded(new HandlerContext(attempt));
        } else if (verdict instanceof Settlement.Verdict.Failed failed && after.state() != TaskState.CANCELLED) {
            hooks.failed(new HandlerContext(attempt), failed.error(), !after.state().isFinal());
        }
    }

    private static AttemptOutcome outcome(Settlement.Verdict verdict) {
        return switch (verdict) {
            case Settlement.Verdict.Complete complete -> AttemptOutcome.COMPLETED;
            case Settlement.Verdict.Failed failed when failed.event().equals(TIMED_OUT) -> AttemptOutcome.TIMED_OUT;
            case Settlement.Verdict.Failed failed -> AttemptOutcome.FAILED;
            case Settlement.Verdict.Again again when again.event().equals(Settlement.RESCHEDULED) ->
                AttemptOutcome.RESCHEDULED;
            case Settlement.Verdict.Again again -> AttemptOutcome.RELEASED;
            case Settlement.Verdict.Cancel cancel -> AttemptOutcome.CANCELLED;
            case Settlement.Verdict.Park park -> AttemptOutcome.PARKED;
        };
    }
}
