package dev.windlass.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A submitted task. Keep {@link #id()} to find it again from anywhere. Safe for use by any number of threads.
 *
 * @param <O> its result
 */
public interface TaskHandle<O> {

    /** The task's id. */
    String id();

    /**
     * The task as it stood when it was submitted, or, where an idempotency key found one that is there already, when
     * that one was read. No request.
     *
     * @return null for a handle by id, and for those of {@link TaskQueue#submitAll}, which keep no bodies
     */
    @Nullable
    TaskInfo submitted();

    /**
     * The task as it stands now. One get.
     *
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    TaskInfo get();

    /**
     * Waits for the task's end, by reading it again and again: every 20 ms at first, every 5 s at last. A task that
     * ends in a worker of the same connection is seen at once.
     *
     * @param limit how long to wait at most
     * @return its result; null where the type says {@code Void}
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     * @throws dev.windlass.TaskFailedException if it has failed for good
     * @throws dev.windlass.TaskCancelledException if it was cancelled, or has expired
     * @throws dev.windlass.PayloadUnreadableException if its result is encoded, and cannot be decoded here
     * @throws dev.windlass.AwaitTimeoutException if the time is over; the task goes on
     * @throws InterruptedException if the thread is interrupted; the task goes on
     */
    O await(Duration limit) throws InterruptedException;

    /**
     * Asks to cancel the task: one that waits never runs; one that runs is told within a heartbeat, and ends as
     * cancelled unless it completes first. Durable on return; safe to repeat.
     *
     * @param reason for its history
     * @return true if the task is cancelled or has been asked to; false if it had ended before
     */
    boolean cancel(String reason);

    /**
     * What the last attempt has said of its work. Two gets.
     *
     * @return null if it has said nothing, or there was no attempt yet
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    @Nullable
    TaskProgress progress();

    /**
     * The lines that the last attempt has printed. Two gets, and one for each object of lines: of 64 KiB, or of 5 seconds.
     *
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    default TaskOutput output() {
        return output(null);
    }

    /**
     * The lines that have been printed since, to follow a task that runs. Two gets, and one for each new object of lines.
     *
     * @param before the last answer; null for all lines. If another attempt has begun since, all of its lines are answered
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    TaskOutput output(@Nullable TaskOutput before);

    /** The result as a future, completed by a thread that waits as {@link #await} does, for as long as it takes. */
    CompletableFuture<O> toFuture();
}
