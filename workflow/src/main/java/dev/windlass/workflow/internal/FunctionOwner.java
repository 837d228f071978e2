package dev.windlass.workflow.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.windlass.LeaseLostException;
import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.StepFailedException;
import dev.windlass.workflow.WorkflowListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Owns a run of a durable function for the time of one claim. One thread, the claim's, decides all; the function's thread asks,
 * others do the work and tell it by the inbox. What is asked for is compared with what is recorded. The run is given up when
 * it has ended, when the worker stops, or when it can only wait: then it parks, and its thread unwinds.
 */
final class FunctionOwner extends OwnerLoop implements FunctionAsk {
    private static final int LARGEST_HELD = 4 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(FunctionOwner.class);

    private final FunctionRun run;
    private final RunControl control;
    private final Environment environment;
    private final FunctionSteps steps;
    private final FunctionCalls calls;
    private final FunctionWaits waits;
    private final FunctionContinuing continuing;
    private final FunctionTiming timing;
    private final FunctionEnding ending;
    private final Children childStarts;
    private final FunctionRecovery recovery;
    private final FunctionThread function;
    private final FunctionReplay replay;
    private final FunctionCheckpoints checkpoints;
    private final List<Op> ops = new ArrayList<>();
    private final Map<String, StepOutcome> settled = new LinkedHashMap<>();
    private @Nullable FunctionBody body;
    private boolean returned;
    private boolean over;
    private boolean goesOn;
    private @Nullable JsonNode value;
    private @Nullable TaskError failure;
    private int pauses;
    private int recording;
    private boolean acknowledged;

    /** Starts children. */
    interface Children {
        /** Starts one, or finds it; its run's number. Any thread's. */
        int start(FunctionRun parent, Op op);
    }

    FunctionOwner(FunctionRun run, RunControl control, FunctionRecovery recovery, Children childStarts) {
        super(run);
        this.run = run;
        this.control = control;
        this.environment = run.engine().environment();
        this.steps = new FunctionSteps(run, this);
        this.calls = new FunctionCalls(run, this);
        this.waits = new FunctionWaits(run, this);
        this.continuing = new FunctionContinuing(run, this, waits);
        this.childStarts = childStarts;
        this.recovery = recovery;
        this.function = new FunctionThread(run);
        this.ending = new FunctionEnding(run, control, steps, calls, waits, function);
        this.replay = new FunctionReplay(run, recovery);
        this.checkpoints = new FunctionCheckpoints(run, recovery);
        this.timing = new FunctionTiming(run, control, steps, calls, waits);
        this.pauses = control.state().pauses();
    }

    // The function's side

    @Override
    public boolean ask(Op op) {
        return run.inbox().post(new RunEvent.Deed(() -> asked(op)));
    }

    @Override
    public void waits() {
        boolean posted = run.inbox().post(new RunEvent.Waits());
        LOG.trace("{}: its function waits, told {}", run.label(), posted);
    }

    @Override
    public void pause(String reason) {
        boolean posted = run.inbox().post(new RunEvent.Deed(() -> control.pause(reason)));
        LOG.trace("{}: {}, told {}", run.label(), reason, posted);
    }

    /** The same, of the owner's thread: in force at once. */
    void hold(String reason) {
        control.pause(reason);
    }

    @Override
    public boolean isSuspended() {
        return function.isSuspended();
    }

    @Override
    public int lastPosition() {
        return recovery.lastPosition();
    }

    @Override
    public Set<String> recorded() {
        return recovery.outcomes().keySet();
    }

    // The owner's side

    /**
     * Runs until the run ends or is given up.
     *
     * @return how the run's task goes on; null if the run has ended, or was ended from outside
     */
    @Nullable
    EngineOutcome own(FunctionBody body) throws Exception {
        run.listener().runOwned(run.keys().workflowId(), run.keys().run(), recovery.outcomes().size(), 0);
        continuing.inherit();
        consumedBefore();
        this.body = body;
        return runLoop();
    }

    @Override
    void left(boolean ended) throws InterruptedException {
        if (ended) {
            ending.finish();
        }
        acknowledgeWake();
    }

    @Override
    void close() {
        function.suspend();
        steps.stop();
    }

    /** Why the run has failed; null if it has not. */
    @Nullable
    TaskError failure() {
        return failure;
    }

    /** Why the run was cancelled; null if it was not. */
    @Nullable
    String cancelled() {
        return ending.isCancelling() ? control.cancelReason() : null;
    }

    /** Whether the run is to be followed by a new one, as its function has asked. */
    boolean goesOn() {
        return goesOn && !ending.isCancelling();
    }

    /** What the function has returned. */
    @Nullable
    JsonNode value() {
        return value;
    }

    /** The recorded outcomes by name, in the order in which they were asked for; without large results. */
    Map<String, StepOutcome> outcomes() {
        Map<String, StepOutcome> outcomes = new LinkedHashMap<>();
        for (Op op : ops) {
            StepOutcome outcome = settled.get(op.name);
            if (outcome != null) {
                outcomes.put(op.name, outcome);
            }
        }
        return outcomes;
    }

    int startChild(Op op) {
        return childStarts.start(run, op);
    }

    private void consumedBefore() {
        recovery.outcomes().forEach((segment, outcome) -> {
            Asked asked = outcome.asked();
            String id = asked == null ? null : asked.signalId();
            if (asked != null && id != null) {
                boolean child = asked.kind().equals(Op.Kind.CHILD.word());
                waits.inbox().consumed(child ? SignalInbox.CHILD : String.valueOf(asked.signalName()), id);
            }
        });
    }

    private void asked(Op op) {
        ops.add(op);
        String difference = replay.compare(op);
        StepOutcome recorded = replay.recorded(op);
        if (difference != null) {
            control.pause(difference);
        } else if (recorded != null) {
            op.phase = Op.Phase.DONE;
            settle(op, recorded);
        } else {
            begin(op);
        }
    }

    private void begin(Op op) {
        if (control.cancelReason() != null) {
            if (op.kind == Op.Kind.CHILD) {
                ending.mayHaveStarted(op);
            } else if (op.kind == Op.Kind.CALL) {
                calls.adopt(op);
            }
            return;
        }
        long now = environment.nanoTime();
        switch (op.kind) {
            case STEP -> beginStep(op, now);
            case CALL -> {
                boolean here = run.kinds().containsKey(String.valueOf(op.callKind)) && op.options.queue() == null
                        && op.options.placement() != Placement.FLEET;
                if (handedOver() && recovery.checkpoint().out().contains(op.name) && !pausesForFailure(op)) {
                    calls.adopt(op);
                } else if (here) {
                    beginStep(op, now);
                } else if (op.options.placement() == Placement.LOCAL) {
                    control.pause(
                            "Step '" + op.name + "' of type '" + op.callKind + "' is to run at the run's owner, and "
                                    + "this process has no handler for it. Register it, and resume the run.");
                } else {
                    calls.add(op);
                }
            }
            case CONTINUE -> continuing.begin(op);
            default -> waits.add(op, now);
        }
    }

    private boolean handedOver() {
        return recovery.checkpoint().handsOverTo(run.claim().attempt());
    }

    private void beginStep(Op op, long now) {
        Checkpoint.Retry retry = handedOver() ? recovery.checkpoint().retries().get(op.name) : null;
        if (retry == null) {
            steps.add(op);
        } else {
            steps.await(op, retry.failures(),
                    now + Math.max(0, Duration.between(run.engine().storeTime(), retry.due()).toNanos()));
        }
    }

    private void returned(@Nullable JsonNode result, @Nullable Throwable thrown, int asked) {
        returned = true;
        if (isSuspended()) {
            return;
        }
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
        goesOn = hasDecidedToGoOn();
        String difference = thrown instanceof Suspension && !goesOn ? null : replay.compareEnd(asked, thrown);
        if (difference != null) {
            control.pause(difference);
            return;
        }
        over = true;
        if (goesOn) {
            LOG.debug("{}: its function goes on as a new run", run.label());
        } else if (thrown == null) {
            value = result;
        } else {
            failure = thrown instanceof StepFailedException step
                    ? new TaskError("step-failed", String.valueOf(step.getMessage()),
                            TaskError.of(step).stackTrace())
                    : TaskError.of(thrown);
        }
    }

    private boolean hasDecidedToGoOn() {
        StepOutcome decision = settled.get(Continuation.STEP);
        return decision != null && decision.succeeded();
    }

    /** Records an outcome on a thread of its own. */
    void record(Op op, StepOutcome outcome, @Nullable String signalId) {
        op.phase = Op.Phase.RECORDING;
        recording++;
        StepOutcome stamped = outcome
                .asked(new Asked(op.position, op.kind.word(), op.signal, signalId));
        environment.start("windlass-record-" + op.segment, () -> {
            try (var log = run.logContext().step(op.name)) {
                StepRecords.Stored stored = run.records().record(op.segment, stamped, () -> !run.claim().isLost());
                run.inbox().post(new RunEvent.Deed(() -> {
                    recording--;
                    landed(op, stored);
                }));
            } catch (LeaseLostException | InterruptedException stopped) {
                run.inbox().post(new RunEvent.Stopping());
            } catch (Throwable failed) {
                run.inbox().post(new RunEvent.Broken(failed));
            }
        });
    }

    /** An outcome is known to be recorded. */
    void landed(Op op, StepRecords.Stored stored) {
        if (op.isOut) {
            calls.landed(op);
        }
        if (op.phase == Op.Phase.DONE) {
            return;
        }
        op.phase = Op.Phase.DONE;
        checkpoints.recorded();
        news();
        settle(op, stored.outcome());
        boolean succeeded = stored.outcome().succeeded();
        run.listener()
                .stepFinished(new WorkflowListener.StepFinished(run.keys().workflowId(), run.keys().run(), op.name,
                        op.callKind == null ? op.kind.word() : op.callKind, succeeded, stored.outcome().fleet(),
                        settled.size(),
                        0));
    }

    private void settle(Op op, StepOutcome outcome) {
        run.gate().lock();
        try {
            op.outcome = outcome;
            run.gate().signalAll();
        } finally {
            run.gate().unlock();
        }
        JsonNode result = outcome.result();
        boolean large = result != null && result.toString().length() > LARGEST_HELD;
        settled.put(op.name, large ? outcome.withoutResult() : outcome);
        op.body = null;
        op.input = null;
        if (op.kind == Op.Kind.SIGNAL || op.kind == Op.Kind.CHILD) {
            waits.consumed(op, outcome);
        }
        waits.settled(environment.nanoTime());
    }

    boolean isSettled(Op op) {
        return op.phase == Op.Phase.DONE;
    }

    void news() {
        timing.news();
    }

    /** Also of a run that is to be cancelled: what it has begun is known only by its asking for it again. */
    private void startFunction() {
        FunctionBody what = body;
        if (what != null && !function.isStarted() && !control.isOver()
                && (!control.holds() || control.cancelReason() != null)) {
            function.start(what, this, (result, thrown, asked) -> run.inbox()
                    .post(new RunEvent.Deed(() -> returned(result, thrown, asked))));
        }
    }

    @Override
    void act(long now) {
        startFunction();
        control.lookIfDue(now);
        steps.expire(now);
        if (control.isOver()) {
            return;
        }
        if (control.cancelReason() != null && (ending.isCancelling() || !over || recording > 0)) {
            ending.cancel(returned);
            return;
        }
        if (over || run.claim().isStopping()) {
            return;
        }
        calls.lookIfDue(now);
        if (control.holds()) {
            return;
        }
        sendAnewAfterPause();
        continuing.advance(recording > 0);
        waits.fire(now);
        waits.lookIfDue(now);
        steps.start(now);
        calls.send(now);
        checkpoints.putIfDue(replay.isOver(), settled.size(), this::outcomes);
    }

    /** If the run was paused and resumed: calls whose failure pauses may have failed while they were out. */
    private void sendAnewAfterPause() {
        int now = control.state().pauses();
        if (now != pauses) {
            pauses = now;
            calls.out().stream().filter(FunctionOwner::pausesForFailure).forEach(calls::sendAnew);
        }
    }

    private static boolean pausesForFailure(Op op) {
        return op.options.onFailure() == OnFailure.PAUSE;
    }

    @Override
    boolean isEnded() {
        if (control.isOver()) {
            return true;
        }
        if (ending.isCancelling()) {
            return recording == 0 && ending.isCancelled();
        }
        return over && recording == 0 && !waits.isStarting(); // a child that was asked for is begun
    }

    private void closed(RunEvent.Closed closed) {
        ending.closed();
        Op op = ops.get(closed.step());
        landed(op, new StepRecords.Stored(closed.outcome(), closed.size()));
    }

    @Override
    void apply(RunEvent event) {
        switch (event) {
            case RunEvent.Deed deed -> deed.action().run();
            case RunEvent.Delivered delivered -> {
                Op op = calls.bySegment(run.engine().keySegment("step name", delivered.step()));
                if (op != null) {
                    landed(op, delivered.stored());
                }
            }
            case RunEvent.StateSeen seen -> control.seen(seen.state());
            case RunEvent.Noticed noticed -> {
                control.noticed(environment.nanoTime());
                waits.lookSoon(environment.nanoTime());
            }
            case RunEvent.Closed closed -> closed(closed);
            case RunEvent.Waits waiting -> LOG.trace("{}: its function waits", run.label());
            case RunEvent.Stopping stopping -> LOG.debug("{}: the worker stops, or the claim is lost", run.label());
            case RunEvent.Broken broken -> throw new IllegalStateException(
                    run.label() + ": a thread of the engine failed", broken.failure());
            default -> throw new IllegalStateException(run.label() + " is no graph: " + event);
        }
    }

    /** Whether no thread works for the run here, but perhaps the function's. */
    private boolean isQuiet() {
        return recording == 0 && !steps.hasBodies() && calls.isIdle() && waits.isIdle()
                && !checkpoints.isBusy();
    }

    @Override
    @Nullable
    EngineOutcome giveUp() throws InterruptedException {
        if (ending.isCancelling() || over || !isQuiet()) {
            return null;
        }
        if (run.claim().isStopping()) {
            function.unwind();
            handOver();
            LOG.info("{}: given back, since this worker stops", run.label());
            return new EngineOutcome.Release();
        }
        if (control.holds()) {
            return parkPaused();
        }
        long now = environment.nanoTime();
        if (!function.isBlocked() || steps.hasReady() || calls.hasReady() || calls.isInDoubt(now)
                || !timing.isWorthParking(now) || !run.inbox().closeIfEmpty()) {
            return null;
        }
        run.claim().announcePark();
        List<FunctionCalls.Found> found = List.of();
        boolean goesOn = !control.mayPark() || waits.lookNow();
        if (!goesOn && !calls.isEmpty()) {
            found = calls.look(calls.out());
        }
        if (goesOn || !found.isEmpty()) {
            run.inbox().open();
            calls.apply(found);
            waits.consume();
            return null;
        }
        function.unwind();
        handOver();
        return new EngineOutcome.Park(timing.parkedUntil(now));
    }

    private @Nullable EngineOutcome parkPaused() throws InterruptedException {
        if (!control.isIdle() || (function.isStarted() && !function.isBlocked() && !returned)
                || !run.inbox().closeIfEmpty()) {
            return null;
        }
        if (!control.mayParkPaused()) {
            run.inbox().open();
            return null;
        }
        steps.pauseLanded();
        function.unwind();
        handOver();
        LOG.info("{}: parked, since it is paused", run.label());
        return new EngineOutcome.Park(null);
    }

    @Override
    Duration untilNext(long now) {
        boolean works = !over && !ending.isCancelling() && !run.claim().isStopping();
        boolean starts = works && !control.holds();
        return timing.untilNext(now, works, starts, starts && isQuiet() && function.isBlocked());
    }

    private void handOver() {
        if (replay.isOver()) {
            checkpoints.handOver(this::outcomes, calls.out(), steps.waiting());
        }
    }

    private void acknowledgeWake() {
        if (!acknowledged && run.claim().wakeKey() != null) {
            acknowledged = true;
            run.claim().acknowledgeWake();
        }
    }

    @Override
    void endBodies() {
        ending.endBodies();
    }

    /** Children that are open, and are to end with the run. */
    List<Op> childrenToCancel() {
        return ending.childrenToCancel();
    }
}
