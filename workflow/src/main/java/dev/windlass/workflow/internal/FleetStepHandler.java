package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.environment.Strand;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.EngineClaim;
import dev.windlass.queue.spi.EngineHandler;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.queue.spi.ParkState;
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
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Runs steps that an owner has sent out: one get to see that the run still goes on, the body, the put of the step
 * object, and only then a word to the owner (in the same process), or a wake key if the run is parked.
 */
public final class FleetStepHandler implements EngineHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FleetStepHandler.class);

    private final EngineAccess engine;
    private final StepHandler handler;
    private final WorkflowListener listener;
    private final LiveRuns live;
    private final RunStates states;

    FleetStepHandler(EngineAccess engine, StepHandler handler, WorkflowListener listener, LiveRuns live) {
        this.engine = engine;
        this.handler = handler;
        this.listener = listener;
        this.live = live;
        this.states = new RunStates(engine);
    }

    /** One claim on a step's task. */
    private record Step(EngineClaim claim, FleetInput input, RunKeys keys, String segment, StepRecords records) {

        LogContext logContext() {
            return LogContext.task(claim.taskId(), claim.queue()).attempt(claim.attempt()).worker(claim.workerId())
                    .workflow(keys.workflowId()).step(input.step());
        }

        static Step of(EngineAccess engine, EngineClaim claim) {
            FleetInput input = FleetInput.read(claim.input());
            RunKeys keys = RunKeys.of(engine, input.workflowId(), input.run());
            return new Step(claim, input, keys, engine.keySegment("step name", input.step()),
                    new StepRecords(engine, keys, input.runTask()));
        }

        String label() {
            return "workflow " + keys.workflowId() + " run " + keys.run() + " step " + input.step();
        }
    }

    /**
     * How a body has ended.
     *
     * @param begun false if what it needs could not be read
     */
    private record Ended(StepBody.@Nullable Given given, @Nullable Throwable failure, boolean begun) {}

    /**
     * What this process's own run sent out is meant for others: here it would cost seven requests instead of one. A step
     * of a definition that this process does not have is left to others, too.
     */
    @Override
    public boolean accepts(String type, JsonNode input) {
        if (handler instanceof DagHandler graph
                && !graph.knows(input.path("step").asString(""))) {
            return false;
        }
        return !input.path("movable").asBoolean(false) || !live.owns(input.path("runTask").asString(""));
    }

    @Override
    public EngineOutcome execute(EngineClaim claim) throws Exception {
        Step step = Step.of(engine, claim);
        try (var context = step.logContext()) {
            RunStates.State state = states.read(step.keys());
            if (state == null || state.run() != step.keys().run() || state.status().isFinal()) {
                return new EngineOutcome.Cancel("run " + step.keys().run() + " of workflow "
                        + step.keys().workflowId() + " has ended");
            }
            StepRecords.Stored before = claim.attempt() > 1 ? step.records().read(step.segment()) : null;
            if (before != null) {
                return finished(step, before);
            }
            Instant started = engine.storeTime();
            long begin = engine.environment().nanoTime();
            Ended ended;
            try {
                ended = body(step);
            } catch (InterruptedException e) {
                tell(step, TryOutcome.STOPPED, begin);
                throw e;
            }
            if (ended.begun()) {
                tell(step, outcome(ended), begin);
            }
            StepBody.Given given = ended.given();
            if (given != null) {
                return finished(step,
                        persist(step, given.outcome(claim.failures() + 1, started, engine.storeTime(), true,
                                claim.workerId())));
            }
            return failed(step, ended, started);
        }
    }

    private static TryOutcome outcome(Ended ended) {
        if (ended.given() != null) {
            return TryOutcome.SUCCEEDED;
        }
        if (ended.failure() instanceof StepTimeoutException) {
            return TryOutcome.TIMED_OUT;
        }
        // The thread is interrupted when the claim is lost; a body that throws otherwise has failed, whatever it was told.
        return ended.failure() instanceof InterruptedException || ended.failure() instanceof ReleaseRequest
                ? TryOutcome.STOPPED
                : TryOutcome.FAILED;
    }

    private void tell(Step step, TryOutcome outcome, long begin) {
        Duration took = Duration.ofNanos(engine.environment().nanoTime() - begin);
        listener.stepTried(new WorkflowListener.StepTried(step.keys().workflowId(), step.keys().run(),
                step.input().step(), step.input().kind(), step.claim().failures() + 1, outcome, true, took));
    }

    /** Runs the body on a thread of its own, and waits for it to return, however long that takes. */
    private Ended body(Step step) throws InterruptedException {
        Environment environment = engine.environment();
        FleetInput input = step.input();
        DagStep definition = DagStep.of(input.step(), input.kind(), null, input.needs());
        long now = environment.nanoTime();
        long deadline = input.timeout() == null ? Long.MAX_VALUE : now + input.timeout().toNanos();
        LocalAttempt attempt = new LocalAttempt(0, step.claim().failures() + 1, definition, step.keys(),
                step.segment(), now, deadline);
        Monitor monitor = environment.newMonitor();
        Ended[] slot = new Ended[1];
        Strand strand = environment.start("windlass-step-" + step.segment(), () -> {
            Ended ended = call(step, attempt);
            monitor.lock();
            try {
                slot[0] = ended;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        });
        attempt.runsOn(strand);
        boolean limited = deadline != Long.MAX_VALUE;
        monitor.lock();
        try {
            while (slot[0] == null) {
                long left = deadline - environment.nanoTime();
                if (!limited) {
                    monitor.await();
                } else if (left <= 0) {
                    limited = false;
                    LOG.debug("{}: {}", step.label(), attempt.timeOut() ? "the time is over" : "the body has ended");
                } else {
                    boolean signalled = monitor.await(Duration.ofNanos(left));
                    LOG.trace("{}: {}", step.label(), signalled ? "the body returned" : "the time is over");
                }
            }
            return slot[0];
        } catch (InterruptedException e) {
            attempt.stop();
            throw e;
        } finally {
            monitor.unlock();
        }
    }

    private Ended call(Step step, LocalAttempt attempt) {
        try (var context = step.logContext()) {
            Map<String, JsonNode> parents;
            JsonNode input;
            try {
                parents = step.input().results(engine, step.records());
                input = step.input().input(engine);
                if (step.input().atMostOnce() && !attempt.isCancelled() && !step.records().begin(step.segment(),
                        engine.newWriteId())) {
                    return new Ended(null, new OutcomeUnknownException(), false);
                }
            } catch (StoreException e) {
                return new Ended(null, e, false);
            }
            if (attempt.isCancelled()) {
                throw new InterruptedException("stopped before it began");
            }
            StepBody.Given given = StepBody.call(handler, attempt, step.input().conditions(), input, parents,
                    engine.json());
            if (attempt.end()) {
                return new Ended(given, null, true);
            }
        } catch (Throwable failure) {
            if (attempt.end()) {
                return new Ended(null, failure, true);
            }
        }
        return new Ended(null, new StepTimeoutException(step.input().timeout()), true);
    }

    private EngineOutcome failed(Step step, Ended ended, Instant started) throws Exception {
        EngineClaim claim = step.claim();
        Throwable failure = ended.failure();
        int tries = claim.failures() + 1;
        Exception cause = failure instanceof Exception exception
                ? exception
                : new IllegalStateException("the step failed", failure);
        boolean unknown = cause instanceof OutcomeUnknownException;
        if (claim.isLost() || cause instanceof ReleaseRequest || (!ended.begun() && !unknown)) {
            throw cause;
        }
        boolean last = unknown || !step.input().options().isRetryable(cause) || tries >= step.input().maxAttempts();
        LOG.warn("{}: try {} of {} failed{}", step.label(), tries, step.input().maxAttempts(),
                last ? ", for good" : "", cause);
        if (!last) {
            throw cause;
        }
        TaskError error = unknown
                ? StepRecords.outcomeUnknown()
                : cause instanceof StepTimeoutException
                        ? new TaskError("timeout", String.valueOf(cause.getMessage()), null)
                        : TaskError.of(cause);
        return step.input().pauses()
                ? paused(step, tries, error)
                : finished(step,
                        persist(step, new StepOutcome(null, null, error, tries, started, engine.storeTime(), true,
                                claim.workerId())));
    }

    /** The run pauses, and the failure is not recorded: who goes on with the run sends the step out again. */
    private EngineOutcome paused(Step step, int tries, TaskError error) {
        RunStates.State state = states.read(step.keys());
        if (state != null && state.isOpen(step.keys().run())) {
            states.pause(state, step.keys().run(), FailurePauses.reason(step.input().step(), tries, error), "engine");
            if (step.input().atMostOnce()) {
                step.records().forgetBegin(step.segment());
            }
            live.notice(step.input().runTask());
        }
        return new EngineOutcome.Fail(error);
    }

    @Override
    public EngineOutcome finalise(EngineClaim claim) throws Exception {
        Step step = Step.of(engine, claim);
        try (var context = step.logContext()) {
            Instant now = engine.storeTime();
            TaskError error = new TaskError("attempts-used-up", "The step was tried " + claim.failures()
                    + " times; its workers died, lost their lease or ran out of time. The history of task "
                    + claim.taskId() + " tells how.", null);
            LOG.warn("{} has failed: {}", step.label(), error.message());
            if (step.input().pauses()) {
                return paused(step, Math.max(1, claim.failures()), error);
            }
            return finished(step, persist(step, new StepOutcome(null, null, error, Math.max(1, claim.failures()), now,
                    now, true, claim.workerId())));
        }
    }

    private StepRecords.Stored persist(Step step, StepOutcome outcome) throws InterruptedException {
        return step.records().record(step.segment(), outcome.asked(Asked.read(step.claim().input())),
                () -> !step.claim().isLost());
    }

    /** The step object has landed: tells the owner, and ends the task. */
    private EngineOutcome finished(Step step, StepRecords.Stored stored) {
        FleetInput input = step.input();
        if (!live.deliver(input.runTask(), input.step(), stored)) {
            ParkState state = engine.parkState(input.runTask());
            if (state.kind() == ParkState.Kind.PARKED) {
                engine.wake(input.runTask(), input.runQueue(), input.runPriority(),
                        Instant.ofEpochMilli(input.createdMillis()), "g" + state.generation());
            }
        }
        TaskError error = stored.outcome().error();
        return error == null
                ? new EngineOutcome.Complete(JsonNodeFactory.instance.objectNode())
                : new EngineOutcome.Fail(error);
    }

    /** A step that is begun at most once was begun before. */
    private static final class OutcomeUnknownException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A step's time is over. */
    private static final class StepTimeoutException extends Exception {
        private static final long serialVersionUID = 1L;

        StepTimeoutException(@Nullable Duration timeout) {
            super("The step's time of " + timeout + " was over.");
        }
    }
}
