package dev.windlass.internal;

import java.time.Duration;
import java.util.List;

import dev.windlass.observer.AttemptOutcome;
import dev.windlass.observer.AttemptRef;
import dev.windlass.observer.ClaimOutcome;
import dev.windlass.observer.Observer;
import dev.windlass.observer.PollOutcome;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.spi.Audience;
import org.jspecify.annotations.Nullable;

/**
 * The observers of a connection, in the order in which they were given; what one throws is nobody else's matter. Takes
 * no lock and waits for nothing: what is observed goes on as if it were not.
 */
final class Observers implements Observer {
    private final Audience<Observer> all;

    Observers(List<? extends Observer> all) {
        this.all = new Audience<>("observer", all);
    }

    /** Whether nobody listens: what must be worked out for observers only need not be. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Those of a type. */
    <T> List<T> ofType(Class<T> type) {
        return all.ofType(type);
    }

    @Override
    public void requestEnded(RequestKind kind, RequestOutcome outcome, Duration took, long bytesOut, long bytesIn) {
        all.tell(one -> one.requestEnded(kind, outcome, took, bytesOut, bytesIn));
    }

    @Override
    public void unknownResolved(UnknownEnd end) {
        all.tell(one -> one.unknownResolved(end));
    }

    @Override
    public void submitted(String queue, String type, boolean created) {
        all.tell(one -> one.submitted(queue, type, created));
    }

    @Override
    public void expired(String queue, String type) {
        all.tell(one -> one.expired(queue, type));
    }

    @Override
    public void polled(String queue, PollOutcome outcome) {
        all.tell(one -> one.polled(queue, outcome));
    }

    @Override
    public void claimDecided(String queue, ClaimOutcome outcome) {
        all.tell(one -> one.claimDecided(queue, outcome));
    }

    @Override
    public void attemptStarted(AttemptRef attempt, @Nullable Duration waited) {
        all.tell(one -> one.attemptStarted(attempt, waited));
    }

    @Override
    public void handlerReturned(AttemptRef attempt, Duration took) {
        all.tell(one -> one.handlerReturned(attempt, took));
    }

    @Override
    public void attemptEnded(AttemptRef attempt, AttemptOutcome outcome, @Nullable TaskStatus after) {
        all.tell(one -> one.attemptEnded(attempt, outcome, after));
    }

    @Override
    public void endDelayed(AttemptRef attempt) {
        all.tell(one -> one.endDelayed(attempt));
    }

    @Override
    public void progressLost(String queue, String taskId) {
        all.tell(one -> one.progressLost(queue, taskId));
    }

    @Override
    public void poisonMet(String queue, String taskId) {
        all.tell(one -> one.poisonMet(queue, taskId));
    }

    @Override
    public void leaseRenewed(String workerId, Duration margin) {
        all.tell(one -> one.leaseRenewed(workerId, margin));
    }

    @Override
    public void renewalFailed(String workerId) {
        all.tell(one -> one.renewalFailed(workerId));
    }

    @Override
    public void leaseLost(String workerId, int claims) {
        all.tell(one -> one.leaseLost(workerId, claims));
    }

    @Override
    public void leaseTakenOver(String workerId, int claims) {
        all.tell(one -> one.leaseTakenOver(workerId, claims));
    }

    @Override
    public void takenOver(AttemptRef attempt, AttemptOutcome outcome, TaskStatus after) {
        all.tell(one -> one.takenOver(attempt, outcome, after));
    }

    @Override
    public void sweepFailed() {
        all.tell(Observer::sweepFailed);
    }
}
