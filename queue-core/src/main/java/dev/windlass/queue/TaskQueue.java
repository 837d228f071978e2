package dev.windlass.queue;

import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A queue of tasks: a name in the store. Got from {@link dev.windlass.Windlass#queue}. Safe for use by any number of threads. */
public interface TaskQueue {

    /** Its name. */
    String name();

    /**
     * Submits a task with the {@link TaskType#defaults()} of its type. Two puts, one round trip. Durable on return. Not safe to
     * repeat without an idempotency key: each call is a task of its own.
     *
     * @param type the kind of task
     * @param input its input; encoded as JSON, at most 64 MiB; null only where the type says {@code Void}
     * @throws dev.windlass.InvalidInputException if the input cannot be encoded or is too large; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether the task was submitted
     */
    <I, O> TaskHandle<O> submit(TaskType<I, O> type, I input);

    /**
     * Submits a task. Two puts, one round trip. Durable on return. Safe to repeat with an idempotency key.
     *
     * @param type the kind of task
     * @param input its input; encoded as JSON, at most 64 MiB; null only where the type says {@code Void}
     * @param options delay, expiry, priority, retry, time-out, id, idempotency or debounce key, tags, parent
     * @throws dev.windlass.InvalidInputException if the input cannot be encoded or is too large; nothing was written
     * @throws dev.windlass.IdempotencyConflictException if the key is taken by a task with other input
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether the task was submitted
     */
    <I, O> TaskHandle<O> submit(TaskType<I, O> type, I input, SubmitOptions options);

    /**
     * Submits many tasks, many at once. Everything is encoded and checked before the first is written; after that each
     * stands for itself: if one fails, others may have been submitted.
     *
     * @param type the kind of task
     * @param inputs their inputs, in order
     * @param options for each of them; of several, an id, an idempotency key or a debounce key is refused, since it would make them
     *            one task
     * @return a handle each, in the same order
     * @throws dev.windlass.InvalidInputException if an input or the options cannot be accepted; nothing was written
     * @throws dev.windlass.store.StoreUnavailableException if it is not known whether some were submitted
     */
    <I, O> List<TaskHandle<O>> submitAll(TaskType<I, O> type, List<? extends I> inputs, SubmitOptions options);

    /**
     * A handle on a task that was submitted before, by anyone. No request.
     *
     * @param type the kind of task, for its result
     * @param id its id
     */
    <I, O> TaskHandle<O> handle(TaskType<I, O> type, String id);

    /**
     * A task as it stands. One get.
     *
     * @param id its id
     * @return the task, or null if there is none
     */
    @Nullable
    TaskInfo get(String id);

    /**
     * A task's input, wherever it is stored and however it is encoded. One get, and one more if it is stored beside the task.
     *
     * @param id its id
     * @return the input as JSON; null if it has none
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     * @throws dev.windlass.PayloadUnreadableException if it is encoded, and cannot be decoded here
     */
    @Nullable
    JsonNode input(String id);

    /**
     * Asks to cancel a task; see {@link TaskHandle#cancel}.
     *
     * @param id its id
     * @param reason for its history
     * @return true if the task is cancelled or has been asked to; false if it had ended before
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    boolean cancel(String id, String reason);

    /**
     * The same, and says who asks.
     *
     * @param id its id
     * @param reason for its history
     * @param by who asks, for {@link TaskInfo#cancelledBy}; null not to say
     * @return true if the task is cancelled or has been asked to; false if it had ended before
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     */
    boolean cancel(String id, String reason, @Nullable String by);

    /**
     * Cancels those of this queue's tasks that match, of what waits and runs. A task that goes from waiting to running or back
     * just then may be missed: pause the queue before, or repeat the call until its report is empty. One LIST per thousand
     * keys, a GET for each lease, and a GET and a cancel for each task.
     *
     * @param wanted which tasks; asked of one task at a time, on threads of this connection
     * @param reason for their histories
     * @param by who asks; null not to say
     */
    CancelReport cancelAll(Predicate<TaskInfo> wanted, String reason, @Nullable String by);

    /**
     * Lets a task begin anew that failed, expired or was cancelled: with all its attempts, at once, and without an expiry that has
     * come. Its result may be awaited by handles that it had. One GET and two PUTs. Durable on return; a repeat finds it
     * waiting, and answers false.
     *
     * @param id its id
     * @param reason for its history
     * @return true if it waits again by this call; false if it has not ended, or is completed
     * @throws dev.windlass.TaskNotFoundException if there is no such task
     * @throws dev.windlass.InvalidInputException if it belongs to a workflow
     */
    boolean redrive(String id, String reason);

    /**
     * The tasks of this queue that failed for good, and those that nobody can read, the latest first. One LIST per thousand
     * entries, and one GET for each that is answered.
     *
     * @param limit at most so many, 1 to 100,000
     */
    List<DeadLetter> deadLetters(int limit);

    /**
     * Ends a task that waits and may start no longer, as workers do when they meet it. One GET, and one PUT if there is
     * something to do. Safe to repeat.
     *
     * @param id its id
     * @return whether it has expired, now or before; false too if there is no such task
     */
    boolean expire(String id);

    /**
     * Counts what waits in this queue. One LIST, and one per priority level in use and thousand waiting tasks.
     *
     * @return the counts, as of now
     */
    QueueStats stats();

    /**
     * The same, but stops counting a priority level once it has seen enough keys of it, so that what it costs is bounded: one
     * LIST, and one per priority level in use and thousand keys counted. Keys come in the order of their due times (where the
     * store lists in order), so the age of the oldest is exact, and counts are at least what is said.
     *
     * @param limit how many keys of one priority level are enough, 1 or more; rounded up to whole thousands
     * @return the counts, as of now
     * @throws dev.windlass.InvalidInputException if the limit is less than 1
     */
    QueueStats stats(int limit);

    /**
     * Pauses the queue: nothing of it is claimed any more, by no worker and by no hand, until it is resumed. What runs goes
     * on, and tasks may be submitted. Seen by workers within a poll, and durable: also after restarts. One GET, ten PUTs for
     * markers and one for the state. Safe to repeat; a second time gives the new reason.
     *
     * @param reason for people; may be empty
     * @param by who pauses it; null not to say
     */
    void pause(String reason, @Nullable String by);

    /**
     * Pauses one type of tasks in this queue; see {@link #pause}. Others are claimed as always.
     *
     * @param type the name of the type
     * @param reason for people; may be empty
     * @param by who pauses it; null not to say
     * @throws dev.windlass.InvalidInputException if the name is empty or too long
     */
    void pauseType(String type, String reason, @Nullable String by);

    /**
     * Ends {@link #pause}. Types that are paused one by one stay so. One GET and one PUT; ten more for markers if types are
     * paused. Durable on return; safe to repeat.
     *
     * @return whether the queue was paused
     */
    boolean resume();

    /**
     * Ends {@link #pauseType}; costs what {@link #resume} does. Durable on return; safe to repeat.
     *
     * @param type the name of the type
     * @return whether it was paused
     */
    boolean resumeType(String type);

    /** What is paused. One GET. */
    PauseState pauses();

    /**
     * Claims tasks for a program that works on them itself, without a {@link Worker}. Each gets a lease of its own, which
     * nobody renews. Tasks of engines, such as workflows, are left to their workers.
     *
     * <p>One LIST, another one each ten calls or 10 s, and for each task 1 GET and 2 PUT. Now and then, and whenever nothing was
     * found, it also recovers tasks whose leases are over, as workers do: 1 LIST, and a GET for each lease that may be.
     *
     * <p>Not safe to repeat if it fails: what was claimed then comes back when its lease is over.
     *
     * @param options how many, for how long, of which type
     * @return the tasks that were claimed, in the order of the queue; none if nothing can be claimed now
     * @throws dev.windlass.InvalidInputException if the lease is too short for what is known of the store's time
     * @throws dev.windlass.store.StoreUnavailableException if the store does not answer, and nothing is known to be claimed
     */
    List<ClaimedTask> claim(ClaimOptions options);

    /**
     * A task that was claimed by {@link #claim}, here or in another process. No request.
     *
     * @param id its id
     * @param token the claim's token
     * @throws dev.windlass.InvalidInputException if it has not the form of an id, or of a token
     */
    ClaimedTask claimed(String id, String token);

    /**
     * Whether nothing is left to do in this queue: nothing waits, for later neither, and nothing runs that might come back. It
     * was so at some instant during the call. If the fleet is so busy that this cannot be told, the answer is no.
     *
     * <p>For scripts that end when the work is done: one LIST if something waits; otherwise two, two of the leases, two GETs for
     * each of these, and one for each task that they cover, until one is of this queue; again if a lease was written
     * meanwhile, five times at most.
     */
    boolean isDrained();

    /**
     * What waits, without claiming it: what is due in the order in which it would be claimed, then what waits for later in the
     * order of due times. One LIST, one per priority level in use, and one GET per task.
     *
     * @param limit at most so many, 1 to 1,000
     * @throws dev.windlass.InvalidInputException if the limit is outside
     */
    List<TaskInfo> peek(int limit);
}
