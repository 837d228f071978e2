package dev.windlass.workflow.internal;

import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.SubmittedTask;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What threads that work for a run tell its owner. */
sealed interface RunEvent {

    /** The body of a local try has returned: its slot is free. */
    record BodyEnded(LocalAttempt attempt) implements RunEvent {}

    /**
     * A step's outcome has landed.
     *
     * @param attempt the local try that it came from, or null
     * @param size about how many bytes its result takes
     */
    record Recorded(int step, StepOutcome outcome, @Nullable LocalAttempt attempt, int size) implements RunEvent {}

    /** A local try has failed; nothing is recorded. */
    record Failed(LocalAttempt attempt, TaskError error, boolean permanent) implements RunEvent {}

    /** A local try was stopped; nothing is recorded. */
    record Abandoned(LocalAttempt attempt) implements RunEvent {}

    /** A step is out: a task of its own. */
    record Sent(int step, SubmittedTask task) implements RunEvent {}

    /** A step could not be sent out. */
    record SendFailed(int step) implements RunEvent {}

    /** A step that was out has been asked back. */
    record Withdrawn(int step, boolean taken) implements RunEvent {}

    /** It is not known whether a step that was asked back has been taken back. */
    record WithdrawFailed(int step) implements RunEvent {}

    /** A local try could not begin, since what it needs could not be read. */
    record Unready(LocalAttempt attempt) implements RunEvent {}

    /** A look at the step objects is over; what it found came before. */
    record Looked(int found, int requests) implements RunEvent {}

    /** The list that a map step runs over is known. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record MapOpened(int step, JsonNode[] items) implements RunEvent {}

    /** No thread works on opening or gathering a map step any more; what came of it was told before. */
    record MapClosed(int step, boolean gathering, boolean recorded) implements RunEvent {}

    /** A checkpoint has landed, or was given up. */
    record CheckpointDone() implements RunEvent {}

    /** A look at the run's state is over; null if it gave no answer. */
    record StateSeen(RunStates.@Nullable State state) implements RunEvent {}

    /** Somebody in this process has something for the run: look at once. */
    record Noticed() implements RunEvent {}

    /**
     * A step of a run that is being cancelled is closed, or had ended.
     *
     * @param size about how many bytes its result takes
     */
    record Closed(int step, StepOutcome outcome, int size) implements RunEvent {}

    /** A durable function begins to wait. */
    record Waits() implements RunEvent {}

    /** Something for the owner's thread to do, of a run of a durable function. */
    record Deed(Runnable action) implements RunEvent {}

    /** A step of a run of a durable function has ended in this process, as a task of its own. */
    record Delivered(String step, StepRecords.Stored stored) implements RunEvent {}

    /** The claim is lost, or the worker stops: the owner is to look. */
    record Stopping() implements RunEvent {}

    /** A thread of the engine has met what it cannot deal with. */
    record Broken(Throwable failure) implements RunEvent {}
}
