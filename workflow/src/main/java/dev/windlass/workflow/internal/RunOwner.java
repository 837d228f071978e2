package dev.windlass.workflow.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.EngineOutcome;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.OnFailure;
import dev.windlass.workflow.Placement;
import dev.windlass.workflow.WorkflowListener;
import dev.windlass.workflow.WorkflowListener.TryOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a run for the time of one claim. One thread, the claim's, decides all; others do the work and tell it by the
 * inbox. A dependent starts when the put of what it needs is acknowledged, never before (W2). The run is given up when it
 * has ended, when the worker stops, or when for a while nothing could happen here: then it parks.
 */
final class RunOwner extends OwnerLoop {
    /** How often to look at everything, whether or not anything is known to have happened. */
    private static final Duration GLANCE = Duration.ofSeconds(2);
    /** How often to judge whether a backlog is worth sending out. */
    private static final Duration BACKLOG_GLANCE = Duration.ofMillis(50);
    /** Waits for a next try that are longer than this are worth parking for: that costs nine requests. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(30);
    /** A parked run looks again at the latest after this, while steps are out. */
    private static final Duration LONGEST_PARK = Duration.ofMinutes(5);
    /** How long a step waits that could not be begun, since the store gave no answer. */
    private static final Duration UNREADY_WAIT = Duration.ofSeconds(1);
    /** How long a failed run waits for steps that run elsewhere. */
    private static final Duration FAILING_GRACE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(RunOwner.class);

    private final Run run;
    private final RunPlan plan;
    private final Environment environment;
    private final LocalSteps local;
    private final FleetPolicy policy;
    private final FleetSteps fleet;
    private final MapSteps maps;
    private final RetryWaits retries = new RetryWaits();
    private final RunRecorder recorder;
    private final RunControl control;
    private final RunClosing closing;
    private final FailurePauses pauses;
    private final WorkflowListener listener;
    private int failedStep = -1;
    private long failedSince;
    private long lastNews;
    private boolean cancelling;

    RunOwner(Run run, RunControl control) {
        super(run);
        this.run = run;
        this.control = control;
        this.plan = run.plan();
        this.environment = run.engine().environment();
        this.local = new LocalSteps(run);
        this.policy = new FleetPolicy(run.options().localParallelism(), run.options().maxOutstanding(),
                run.options().fleetThreshold());
        this.fleet = new FleetSteps(run, policy);
        this.maps = new MapSteps(run);
        this.recorder = new RunRecorder(run);
        this.closing = new RunClosing(run);
        this.listener = run.listener();
        this.lastNews = environment.nanoTime();
        this.pauses = new FailurePauses(run, control, retries, fleet);
    }

    /** Takes over what earlier owners have recorded. */
    void restore(Recovery.Recovered recovered) {
        for (Recovery.Found found : recovered.found()) {
            keep(found.step(), found.stored().outcome(), found.stored().size());
        }
        recorder.restored(recovered.checkpoint().outcomes().size());
        if (!recovered.checkpoint().handsOverTo(run.claim().attempt())) {
            return;
        }
        for (String name : recovered.checkpoint().out()) {
            int step = plan.indexOf(name);
            if (step >= 0 && !plan.isDone(step) && !pauses.isMeantFor(step)) { // those may have ended without a record
                plan.take(step);
                fleet.adopt(step);
            }
        }
        long now = environment.nanoTime();
        Instant storeNow = run.engine().storeTime();
        recovered.checkpoint().retries().forEach((name, retry) -> {
            int step = plan.indexOf(name);
            if (step >= 0 && !plan.isDone(step)) {
                plan.take(step);
                retries.add(step, retry.failures(),
                        now + Math.max(0, Duration.between(storeNow, retry.due()).toNanos()));
            }
        });
    }

    /**
     * Runs until the run ends or is given up.
     *
     * @return how the run's task goes on; null if the run has ended, see {@link #failure()}, or was ended from outside
     */
    @Nullable
    EngineOutcome own() throws Exception {
        listener.runOwned(run.keys().workflowId(), run.keys().run(), plan.done(), plan.size());
        return runLoop();
    }

    @Override
    void left(boolean ended) {
        if (control.isOver()) {
            LOG.info("{}: was ended from outside", run.label());
            endBodies();
        }
    }

    @Override
    void close() {
        local.stop();
    }

    /** Why the run was cancelled; null if it was not. */
    @Nullable
    String cancelled() {
        return cancelling ? control.cancelReason() : null;
    }

    /** Why the run has failed; null if it has not. */
    @Nullable
    TaskError failure() {
        if (failedStep < 0) {
            return null;
        }
        StepOutcome outcome = plan.outcome(failedStep);
        TaskError error = outcome == null ? null : outcome.error();
        int tries = outcome == null ? 0 : outcome.attempts();
        return new TaskError("step-failed", "Step '" + plan.step(failedStep).name() + "' has failed for good after "
                + tries + (tries == 1 ? " try" : " tries")
                + (error == null ? "" : ": " + error.summary()), error == null ? null : error.stackTrace());
    }

    @Override
    boolean isEnded() {
        if (control.isOver()) {
            return true;
        }
        if (cancelling) {
            return closing.isIdle() && local.isIdle() && maps.isIdle() && fleet.isIdle() && plan.open().isEmpty();
        }
        return failedStep >= 0 ? failureSettled() : plan.isComplete();
    }

    /** Nothing starts any more: bodies are told to stop, and what is open is closed. */
    private void cancel() {
        if (!cancelling) {
            cancelling = true;
            LOG.info("{}: is being cancelled: {}", run.label(), control.cancelReason());
            local.stop();
        }
        for (int step : plan.open()) {
            if (!local.isRecording(step) && !fleet.isBusy(step)) {
                closing.close(step, run.segment(step), Math.max(1, retries.failures(step)),
                        fleet.isOut(step) ? () -> fleet.callOff(step) : null);
            }
        }
    }

    @Override
    void act(long now) {
        for (LocalAttempt late : local.expire(now)) {
            local.tell(late, TryOutcome.TIMED_OUT, now - late.startedNanos());
            tryFailed(late, new TaskError("timeout", "The step's time of " + late.definition().timeout()
                    + " was over.", null), false, now);
        }
        control.lookIfDue(now);
        if (control.isOver()) {
            return;
        }
        if (control.cancelReason() != null && !plan.isComplete()) {
            cancel();
            return;
        }
        if (failedStep >= 0) {
            fleet.takeBackAll();
            fleet.lookIfDue(now);
            return;
        }
        if (run.claim().isStopping()) {
            return;
        }
        for (Integer due = retries.pollDue(now); due != null; due = retries.pollDue(now)) {
            plan.giveBack(due);
        }
        if (control.holds()) {
            fleet.lookIfDue(now);
            return;
        }
        pauses.goOn();
        while (local.hasSlot() && plan.hasLocalReady()) {
            int step = plan.takeLocal();
            local.start(step, retries.failures(step) + 1);
        }
        maps.act();
        sendOut(now);
        if (!plan.hasLocalReady() && local.hasSlot() && !fleet.isEmpty()) {
            fleet.takeBack(local.freeSlots(), now);
        }
        fleet.lookIfDue(now);
        recorder.checkpointIfDue();
    }

    private void sendOut(long now) {
        while (fleet.canSend() && plan.readyCount(Placement.FLEET) > 0) {
            fleet.send(plan.take(Placement.FLEET));
        }
        int backlog = plan.readyCount(Placement.AUTO);
        if (!run.options().fleet() || backlog <= run.options().localParallelism()) {
            return;
        }
        int count = policy.toSend(backlog, fleet.size(), local.meanRunningNanos(now));
        for (int i = 0; i < count && fleet.canSend(); i++) {
            fleet.send(plan.take(Placement.AUTO));
        }
    }

    @Override
    void apply(RunEvent event) {
        long now = environment.nanoTime();
        switch (event) {
            case RunEvent.BodyEnded ended -> {
                local.bodyEnded(ended.attempt());
                policy.bodyTook(ended.attempt().bodyNanos());
            }
            case RunEvent.Recorded recorded -> recorded(recorded, now);
            case RunEvent.Failed failed -> {
                local.closed(failed.attempt());
                tryFailed(failed.attempt(), failed.error(), failed.permanent(), now);
            }
            case RunEvent.Abandoned abandoned -> {
                local.closed(abandoned.attempt());
                plan.giveBack(abandoned.attempt().step());
            }
            case RunEvent.Unready unready -> {
                local.closed(unready.attempt());
                retryLater(unready.attempt().step(), retries.failures(unready.attempt().step()), UNREADY_WAIT, now);
            }
            case RunEvent.Sent sent -> fleet.sent(sent.step(), sent.task(), plan.isDone(sent.step()));
            case RunEvent.SendFailed failed -> {
                fleet.sendFailed();
                retryLater(failed.step(), retries.failures(failed.step()), UNREADY_WAIT, now);
            }
            case RunEvent.Withdrawn withdrawn -> {
                if (fleet.withdrawn(withdrawn.step(), withdrawn.taken(), now)) {
                    plan.giveBack(withdrawn.step());
                }
            }
            case RunEvent.WithdrawFailed failed -> fleet.withdrawFailed(failed.step(), now);
            case RunEvent.Looked looked -> fleet.looked(looked.found(), looked.requests(), now);
            case RunEvent.MapOpened opened -> maps.opened(opened.step(), opened.items());
            case RunEvent.MapClosed closed -> maps.closed(closed);
            case RunEvent.CheckpointDone done -> recorder.checkpointDone();
            case RunEvent.StateSeen seen -> control.seen(seen.state());
            case RunEvent.Noticed noticed -> control.noticed(now);
            case RunEvent.Closed closed -> {
                closing.closed();
                fleet.recorded(closed.step());
                keep(closed.step(), closed.outcome(), closed.size());
            }
            case RunEvent.Deed deed -> deed.action().run();
            case RunEvent.Delivered delivered -> throw noFunction();
            case RunEvent.Waits waits -> throw noFunction();
            case RunEvent.Stopping stopping -> LOG.debug("{}: the worker stops, or the claim is lost", run.label());
            case RunEvent.Broken broken -> throw new IllegalStateException(
                    run.label() + ": a thread of the engine failed", broken.failure());
        }
    }

    private IllegalStateException noFunction() {
        return new IllegalStateException(run.label() + " is no durable function");
    }

    private void recorded(RunEvent.Recorded event, long now) {
        LocalAttempt attempt = event.attempt();
        if (attempt != null) {
            local.closed(attempt);
            if (attempt.putNanos() >= 0) {
                policy.putTook(attempt.putNanos());
            }
        }
        fleet.recorded(event.step());
        lastNews = now;
        if (keep(event.step(), event.outcome(), event.size())) {
            local.overtaken(event.step());
            recorder.recorded();
            listener.stepFinished(new WorkflowListener.StepFinished(run.keys().workflowId(), run.keys().run(),
                    plan.step(event.step()).name(), plan.step(event.step()).kind(), event.outcome().succeeded(),
                    event.outcome().fleet(), plan.done(), plan.size()));
        }
    }

    private boolean keep(int step, StepOutcome outcome, int size) {
        boolean goesOn = outcome.succeeded() || plan.step(step).options().onFailure() == OnFailure.CONTINUE;
        if (plan.isDone(step) || !plan.recorded(step, recorder.hold(outcome, size), goesOn)) {
            return false;
        }
        retries.done(step);
        if (!outcome.succeeded() && goesOn) {
            try (var context = LogContext.ofStep(plan.step(step).name())) {
                LOG.warn("{} step {}: has failed for good; the run goes on without its result", run.label(),
                        plan.step(step).name());
            }
        } else if (!outcome.succeeded() && failedStep < 0 && !cancelling) {
            failedStep = step;
            failedSince = environment.nanoTime();
            try (var context = LogContext.ofStep(plan.step(step).name())) {
                LOG.warn("{} step {}: has failed for good; no further step starts", run.label(),
                        plan.step(step).name());
            }
        }
        return true;
    }

    private void tryFailed(LocalAttempt attempt, TaskError error, boolean permanent, long now) {
        DagStep step = attempt.definition();
        boolean last = permanent || step.options().atMostOnce() || attempt.attempt() >= step.retry().maxAttempts();
        try (var context = LogContext.ofStep(step.name())) {
            LOG.warn("{} step {}: try {} of {} failed{}: {}", run.label(), step.name(), attempt.attempt(),
                    step.retry().maxAttempts(), last ? ", for good" : "", error.summary());
        }
        if (last && pauses.isMeantFor(attempt.step()) && !cancelling && failedStep < 0) {
            pauses.pauseFor(attempt, error);
        } else if (last) {
            local.recordFailure(attempt, error);
        } else {
            retryLater(attempt.step(), attempt.attempt(),
                    step.retry().delayAfter(attempt.attempt(), environment.random()), now);
        }
    }

    private void retryLater(int step, int failures, Duration delay, long now) {
        if (!plan.isDone(step)) {
            retries.add(step, failures, now + delay.toNanos());
        }
    }

    private boolean failureSettled() {
        return local.isIdle() && maps.isIdle() && fleet.isIdle() && (fleet.isEmpty()
                || environment.nanoTime() - failedSince >= FAILING_GRACE.toNanos());
    }

    @Override
    @Nullable
    EngineOutcome giveUp() throws InterruptedException {
        if (failedStep >= 0 || cancelling || !local.isIdle() || !maps.isIdle() || !fleet.isIdle()
                || recorder.isBusy()) {
            return null;
        }
        if (run.claim().isStopping()) {
            recorder.handOver(fleet, retries);
            LOG.info("{}: given back, since this worker stops", run.label());
            return new EngineOutcome.Release();
        }
        if (control.holds()) {
            return parkPaused();
        }
        long now = environment.nanoTime();
        if (plan.hasLocalReady() || plan.hasMapWork() || plan.readyCount(Placement.FLEET) > 0 || fleet.isInDoubt(now)
                || !worthParking(now)) {
            return null;
        }
        run.claim().announcePark();
        if (!run.inbox().closeIfEmpty()) {
            return null;
        }
        if (!control.mayPark()) {
            run.inbox().open();
            return null;
        }
        List<RunEvent> found = fleet.isEmpty() ? List.of() : fleet.lookNow();
        found.forEach(this::apply);
        if (found.size() > 1) {
            run.inbox().open();
            return null;
        }
        recorder.handOver(fleet, retries);
        return new EngineOutcome.Park(parkedUntil(now));
    }

    /** Parks until somebody resumes the run, or asks for its cancellation. */
    private @Nullable EngineOutcome parkPaused() {
        if (!control.isIdle() || !run.inbox().closeIfEmpty()) {
            return null;
        }
        if (!control.mayParkPaused()) {
            run.inbox().open();
            return null;
        }
        pauses.landed();
        recorder.handOver(fleet, retries);
        LOG.info("{}: parked, since it is paused", run.label());
        return new EngineOutcome.Park(null);
    }

    private boolean worthParking(long now) {
        Long nextTry = retries.nextDue();
        if (nextTry == null && fleet.isEmpty()) {
            throw new IllegalStateException(run.label() + ": " + (plan.size() - plan.done())
                    + " steps are open, and none of them can run");
        }
        boolean longWait = nextTry == null || nextTry - now >= LONG_WAIT.toNanos();
        return longWait && (fleet.isEmpty() || now - lastNews >= run.options().parkAfter().toNanos());
    }

    private Instant parkedUntil(long now) {
        Long nextTry = retries.nextDue();
        Duration wait = nextTry == null ? LONGEST_PARK : Duration.ofNanos(Math.max(0, nextTry - now));
        if (!fleet.isEmpty() && wait.compareTo(LONGEST_PARK) > 0) {
            wait = LONGEST_PARK;
        }
        return run.engine().storeTime().plus(wait);
    }

    @Override
    Duration untilNext(long now) {
        boolean backlog = run.options().fleet() && fleet.canSend()
                && plan.readyCount(Placement.AUTO) > run.options().localParallelism();
        long wait = (backlog ? BACKLOG_GLANCE : GLANCE).toNanos();
        if (!fleet.isEmpty() && local.isIdle()) {
            wait = Math.min(wait, run.options().parkAfter().toNanos());
        }
        // Only what will be acted upon: a time that has passed, and is left to pass, would end every wait at once.
        boolean looks = !cancelling && (failedStep >= 0 || !run.claim().isStopping());
        boolean starts = looks && failedStep < 0 && !control.holds() && !cancelling;
        for (Long next : new Long[]{control.isIdle() ? control.nextLook() : null, local.nextDeadline(),
            starts ? retries.nextDue() : null,
            looks ? fleet.nextLook() : null}) {
            if (next != null) {
                wait = Math.min(wait, next - now);
            }
        }
        return Duration.ofNanos(Math.max(0, wait));
    }

    @Override
    void endBodies() {
        local.stop();
        try {
            while (local.hasBodies()) {
                for (RunEvent event : run.inbox().take(GLANCE)) {
                    if (event instanceof RunEvent.BodyEnded ended) {
                        local.bodyEnded(ended.attempt());
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("{}: given up while bodies of steps still run", run.label());
            Thread.currentThread().interrupt();
        }
    }
}
