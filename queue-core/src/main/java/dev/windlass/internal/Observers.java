package dev.windlass.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.observer.Observer;
import dev.windlass.observer.PollOutcome;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observers of a connection, in the order in which they were given; what one throws is nobody else's matter. Takes
 * no lock and waits for nothing: what is observed goes on as if it were not.
 */
final class Observers implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final List<Observer> all;

    Observers(List<? extends Observer> all) {
        this.all = List.copyOf(all);
    }

    /** Whether nobody listens: what must be worked out for observers only need not be. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those of a type. */
    <T> List<T> ofType(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void each(Consumer<Observer> call) {
        for (Observer observer : all) {
            try {
                call.accept(observer);
            } catch (RuntimeException e) {
                LOG.warn("the observer {} failed; the work goes on", observer.getClass().getName(), e);
            }
        }
    }

    @Override
    public void requestEnded(RequestKind kind, RequestOutcome outcome, Duration took, long bytesOut, long bytesIn) {
        each(one -> one.requestEnded(kind, outcome, took, bytesOut, bytesIn));
    }

    @Override
    public void unknownResolved(UnknownEnd end) {
        each(one -> one.unknownResolved(end));
    }

    @Override
    public void submitted(String queue, String type, boolean created) {
        each(one -> one.submitted(queue, type, created));
    }

    @Override
    public void expired(String queue, String type) {
        each(one -> one.expired(queue, type));
    }

    @Override
    public void polled(String queue, PollOutcome outcome) {
        each(one -> one.polled(queue, outcome));
    }

    @Override
    public void claimDecided(String queue, ClaimOutcome outcome) {
        each(one -> one.claimDecided(queue, outcome));
    }

    @Override
    public void attemptStarted(AttemptRef attempt, @Nullable Duration waited) {
        each(one -> one.attemptStarted(attempt, waited));
    }

    @Override
    public void handlerReturned(AttemptRef attempt, Duration took) {
        each(one -> one.handlerReturned(attempt, took));
    }

    @Override
    public void attemptEnded(AttemptRef attempt, AttemptOutcome outcome, @Nullable TaskStatus after) {
        each(one -> one.attemptEnded(attempt, outcome, after));
    }

    @Override
    public void endDelayed(AttemptRef attempt) {
        each(one -> one.endDelayed(attempt));
    }

    @Override
    public void progressLost(String queue, String taskId) {
        each(one -> one.progressLost(queue, taskId));
    }

    @Override
    public void poisonMet(String queue, String taskId) {
        each(one -> one.poisonMet(queue, taskId));
    }

    @Override
    public void leaseRenewed(String workerId, Duration margin) {
        each(one -> one.leaseRenewed(workerId, margin));
    }

    @Override
    public void renewalFailed(String workerId) {
        each(one -> one.renewalFailed(workerId));
    }

    @Override
    public void leaseLost(String workerId, int claims) {
        each(one -> one.leaseLost(workerId, claims));
    }

    @Override
    public void leaseTakenOver(String workerId, int claims) {
        each(one -> one.leaseTakenOver(workerId, claims));
    }

    @Override
    public void takenOver(AttemptRef attempt, AttemptOutcome outcome, TaskStatus after) {
        each(one -> one.takenOver(attempt, outcome, after));
    }

    @Override
    public void sweepFailed() {
        each(Observer::sweepFailed);
    }
}
