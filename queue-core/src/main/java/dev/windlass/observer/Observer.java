package dev.windlass.observer;

import java.time.Duration;

import dev.windlass.queue.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * Told of what a connection and its workers do; given to {@link dev.windlass.Windlass.Builder#observer}. Called on the
 * thread that does the work, by any number of threads at once, so be quick and make no request; what it throws is logged
 * and ignored. Every method does nothing unless overridden.
 *
 * <p>Durations go by the monotonic clock of the connection's environment, unless said otherwise.
 */
public interface Observer {

    /**
     * A request to the store has ended. One that a backend repeats by itself (reads) counts once, with all its time.
     *
     * @param kind what was asked
     * @param outcome what came of it
     * @param took from the call to the answer
     * @param bytesOut the size of the body that was sent
     * @param bytesIn the size of the body that was read
     */
    default void requestEnded(RequestKind kind, RequestOutcome outcome, Duration took, long bytesOut, long bytesIn) {
    }

    /**
     * A write of which at least one try was not answered has been resolved, or given up.
     *
     * @param end how
     */
    default void unknownResolved(UnknownEnd end) {
    }

    /**
     * A submission was acknowledged.
     *
     * @param queue the task's queue
     * @param type the name of the task's type
     * @param created false if it was a duplicate of a task that was there
     */
    default void submitted(String queue, String type, boolean created) {
    }

    /**
     * A task that waited was ended here, since it may start no longer.
     *
     * @param queue the task's queue
     * @param type the name of the task's type
     */
    default void expired(String queue, String type) {
    }

    /**
     * A poller has looked for tasks.
     *
     * @param queue the queue
     * @param outcome what it found
     */
    default void polled(String queue, PollOutcome outcome) {
    }

    /**
     * A candidate is done with.
     *
     * @param queue the queue
     * @param outcome whether it was claimed
     */
    default void claimDecided(String queue, ClaimOutcome outcome) {
    }

    /**
     * A handler is about to be called.
     *
     * @param attempt which attempt
     * @param waited from the time at which the task could have started (submitted, due, or given back, whatever came last)
     *            until now, by the store's time, which is known to within its uncertainty; never negative; null if a wake
     *            key called for it
     */
    default void attemptStarted(AttemptRef attempt, @Nullable Duration waited) {
    }

    /**
     * A handler has returned or thrown; follows {@link #attemptStarted} once.
     *
     * @param attempt which attempt
     * @param took how long it ran
     */
    default void handlerReturned(AttemptRef attempt, Duration took) {
    }

    /**
     * What came of an attempt is recorded, or is known to be lost.
     *
     * @param attempt which attempt
     * @param outcome what came of it
     * @param after the task as it stands then; null if nothing was recorded, see {@link AttemptOutcome#LOST}
     */
    default void attemptEnded(AttemptRef attempt, AttemptOutcome outcome, @Nullable TaskStatus after) {
    }

    /**
     * The end of an attempt could not be recorded, and is tried again.
     *
     * @param attempt which attempt
     */
    default void endDelayed(AttemptRef attempt) {
    }

    /**
     * What a handler has said of its work could not be written; its task goes on.
     *
     * @param queue the task's queue
     * @param taskId the task
     */
    default void progressLost(String queue, String taskId) {
    }

    /**
     * A body that nobody can read was met.
     *
     * @param queue the queue of the key that led to it
     * @param taskId the task
     */
    default void poisonMet(String queue, String taskId) {
    }

    /**
     * A renewal of a worker's lease has landed.
     *
     * @param workerId the worker
     * @param margin how much time was left until the worker would have given the lease up; may be negative
     */
    default void leaseRenewed(String workerId, Duration margin) {
    }

    /**
     * A heartbeat has failed, and is tried again.
     *
     * @param workerId the worker
     */
    default void renewalFailed(String workerId) {
    }

    /**
     * A worker has lost its lease, or given it up.
     *
     * @param workerId the worker
     * @param claims how many claims it covered
     */
    default void leaseLost(String workerId, int claims) {
    }

    /**
     * This process has declared another worker's lease dead.
     *
     * @param workerId whose lease it was
     * @param claims how many claims it lists
     */
    default void leaseTakenOver(String workerId, int claims) {
    }

    /**
     * This process has ended an attempt of a worker that did not.
     *
     * @param attempt which attempt, and whose
     * @param outcome {@link AttemptOutcome#LOST} or {@link AttemptOutcome#TIMED_OUT}
     * @param after the task as it stands then
     */
    default void takenOver(AttemptRef attempt, AttemptOutcome outcome, TaskStatus after) {
    }

    /** A sweep, or the part of one that looks at one lease, has failed; the next sweep looks again. */
    default void sweepFailed() {
    }
}
