package dev.windlass.queue.spi;

import java.time.Instant;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection as an engine sees it: got from {@link dev.windlass.Windlass#engine()}.
 *
 * <p>Safe for use by any number of threads.
 */
public interface EngineAccess {

    /** Time, threads and randomness of this connection. */
    Environment environment();

    /**
     * Those observers of this connection that listen to an engine, too: in the order in which they were given.
     *
     * @param listener the engine's own interface for listeners
     */
    <T> List<T> observers(Class<T> listener);

    /** The mapper of this connection's payloads; immutable. */
    JsonMapper json();

    /** The engine's own objects. An engine keeps to a prefix of its own, such as {@code workflow/}. */
    Documents documents();

    /** The store's time: may be early by the store's uncertainty, is never late. */
    Instant storeTime();

    /** A fresh write id. */
    String newWriteId();

    /**
     * A task id made from a name: the same name gives the same id, everywhere and for ever.
     *
     * @param scope keeps names of one kind apart from those of another
     * @param name any text
     */
    String deriveTaskId(String scope, String name);

    /**
     * Text as one segment of a key: percent-encoded, any text allowed.
     *
     * @param what what it names, for the error message, such as {@code "workflow id"}
     * @param name the text
     * @throws dev.windlass.InvalidInputException if it is empty or over 200 bytes once encoded
     */
    String keySegment(String what, String name);

    /**
     * Makes sure that a task exists: puts it if absent, and if it is there and waits, puts its ready key again.
     * Acknowledged, and durable on return. Safe to repeat: two puts if it is new.
     *
     * @param spec the task
     * @return whether this call made it, and what is needed to take it back
     */
    SubmittedTask submit(EngineTaskSpec spec);

    /**
     * Submits a task for an application's handlers under an id that the engine derives; otherwise like
     * {@link #submit(EngineTaskSpec)}. Durable on return. Safe to repeat: two puts if it is new.
     *
     * @param id its id, see {@link #deriveTaskId}
     * @param queue the queue that it waits in
     * @param type the name of its type
     * @param input its input as JSON, at most 64 MiB encoded
     * @param options priority, retry, time-out, delay or due time; an idempotency key stands for people only
     * @return whether this call made it, and what is needed to take it back
     * @throws dev.windlass.IdempotencyConflictException if the id is taken by a task of another type, queue or input
     */
    SubmittedTask submitTask(String id, String queue, String type, JsonNode input, SubmitOptions options);

    /**
     * Looks at an input by the checks of this connection, before a task is submitted with it later.
     *
     * @param type the name of the task's type
     * @param input the input
     * @throws dev.windlass.InvalidInputException if a check does not accept it
     */
    void checkInput(String type, JsonNode input);

    /**
     * Makes sure that the store's format is written down, as it must be before any other object. One put at most, the first
     * time; safe to repeat. Submissions and payloads see to it by themselves.
     */
    void ensureInitialised();

    /**
     * Takes back a task that nobody has claimed: it becomes cancelled, and will never run. One put; two where it has
     * changed since. Safe to repeat.
     *
     * @param task what {@link #submit} answered
     * @return true if it is taken back, or had been cancelled before; false if it runs or has ended otherwise
     */
    boolean withdraw(SubmittedTask task);

    /**
     * Asks to cancel a task: one that waits will never run, one that runs is told. A get and a put, and as much again
     * to tell a worker. Durable on return; safe to repeat.
     *
     * @param taskId the task
     * @param reason why, for its history
     * @return false if it had ended otherwise before
     * @throws dev.windlass.TaskNotFoundException if there is none
     */
    boolean cancel(String taskId, String reason);

    /**
     * A task as it stands. One get.
     *
     * @param taskId its id
     * @return its state, or null if there is none; of a name that was only buried (docs/protocol.md, tombstone) one that is
     *         cancelled and has no input
     */
    @Nullable
    TaskInfo task(String taskId);

    /**
     * Where a task stands, as far as a waker needs to know. One get.
     *
     * @param taskId its id
     */
    ParkState parkState(String taskId);

    /**
     * Puts a wake key for a parked task: whoever polls its queue claims it at once. Call it only after the object that it
     * announces has landed. One put; durable on return; safe to repeat.
     *
     * @param taskId the parked task
     * @param queue its queue
     * @param priority its priority
     * @param time part of the key's name; for order only
     * @param wakeId part of the key's name: the same id gives the same key
     */
    void wake(String taskId, String queue, int priority, Instant time, String wakeId);

    /**
     * Wakes a task that is parked, or has said that it is about to park; all others look by themselves at what has come
     * in. Call it only after what it is to see has landed. One get, and one put if a wake key is needed, the same one for
     * all who wake it from one park. Durable on return; safe to repeat.
     *
     * @param taskId the task
     * @return where it stood
     */
    ParkState wakeIfParked(String taskId);

    /**
     * Stores a large value beside a task. One put if it is new. Durable on return; the name holds a hash of the content,
     * so a repeat is safe, and other content never overwrites it.
     *
     * @param taskId the task it belongs to
     * @param name what it is, such as {@code definition}
     * @param content the bytes, at most 64 MiB
     * @return the key to read it by
     */
    String putPayload(String taskId, String name, byte[] content);

    /**
     * Reads what {@link #putPayload} stored. One get.
     *
     * @param key as {@link #putPayload} answered
     * @throws dev.windlass.WindlassException if it is not there
     */
    byte[] payload(String key);
}
