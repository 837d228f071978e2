package dev.windlass.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.TaskCancelledException;
import dev.windlass.TaskFailedException;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskOutput;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskType;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A submitted task, and the wait for its end. */
final class DefaultTaskHandle<O> implements TaskHandle<O> {
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Core core;
    private final TaskQueue queue;
    private final TaskType<?, O> type;
    private final String id;
    private final @Nullable StoredObject submitted;

    /** @param submitted the task as submitted, or null for a handle by id */
    DefaultTaskHandle(Core core, TaskQueue queue, TaskType<?, O> type, String id, @Nullable StoredObject submitted) {
        this.submitted = submitted;
        this.core = core;
        this.queue = queue;
        this.type = type;
        this.id = DefaultTaskQueue.checkId(id);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable TaskInfo submitted() {
        TaskDocument document = submitted == null ? null : TaskDocument.parse(submitted.body(), id);
        return document == null ? null : core.payloads().info(document);
    }

    @Override
    public TaskInfo get() {
        TaskInfo info = queue.get(id);
        if (info == null) {
            throw core.taskNotFound(id);
        }
        return info;
    }

    @Override
    public O await(Duration limit) throws InterruptedException {
        long end = core.environment().nanoTime() + limit.toNanos();
        Duration pause = SHORTEST;
        Notices.Ending ending = core.notices().await(id);
        try {
            while (true) {
                long seen = ending.times();
                TaskDocument document = document();
                if (document.state().isFinal()) {
                    return result(document);
                }
                if (document.isExpired(core.clock())) {
                    queue.expire(id); // nobody may have met it
                    continue;
                }
                Duration left = Duration.ofNanos(end - core.environment().nanoTime());
                if (left.isNegative() || left.isZero()) {
                    throw new AwaitTimeoutException(id, "Task " + id + " of type \"" + document.type() + "\" is "
                            + document.info().status() + " after " + limit
                            + ". It goes on; await it again, or look at its history.", null);
                }
                ending.sleep(seen, left.compareTo(pause) < 0 ? left : pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
            }
        } finally {
            core.notices().forget(id);
        }
    }

    @SuppressWarnings("NullAway") // a task without a result gives null, as its type says
    private O result(TaskDocument document) {
        return switch (document.state()) {
            case COMPLETED -> {
                JsonNode output = core.payloads().output(document);
                yield output == null
                        ? null
                        : Json.decode(core.mapper(), "The result of task " + id, output, type.outputType());
            }
            case FAILED -> {
                TaskError stored = document.error();
                TaskError error = stored == null ? new TaskError("unknown", "", null) : stored;
                throw new TaskFailedException(id,
                        "Task " + id + " of type \"" + document.type() + "\" failed for good after "
                                + document.attempt() + " attempts: " + error.summary(),
                        error);
            }
            case EXPIRED -> throw new TaskCancelledException(id, "Task " + id + " of type \"" + document.type()
                    + "\" has expired: it was to start before " + document.expiresAt() + ".", null);
            default -> throw new TaskCancelledException(id,
                    "Task " + id + " of type \"" + document.type() + "\" was cancelled" + reason(document) + ".", null);
        };
    }

    private static String reason(TaskDocument document) {
        var history = document.history();
        @Nullable
        String cause = history.isEmpty() ? null : history.getLast().cause();
        return cause == null || cause.isEmpty() ? "" : ": " + cause;
    }

    @Override
    public boolean cancel(String reason) {
        return queue.cancel(id, reason);
    }

    @Override
    public @Nullable TaskProgress progress() {
        TaskDocument document = document();
        ProgressDocument progress = Progress.read(core, id, document.attempt());
        return progress == null ? null : progress.progress();
    }

    @Override
    public TaskOutput output(@Nullable TaskOutput before) {
        return Progress.output(core, document(), before);
    }

    private TaskDocument document() {
        TaskDocument document = core.tasks().readDocument(id);
        if (document == null || document.state() == TaskState.TOMBSTONE || document.state() == TaskState.REMOVED) {
            throw core.taskNotFound(id);
        }
        return document;
    }

    @Override
    public CompletableFuture<O> toFuture() {
        var future = new CompletableFuture<O>();
        core.environment().start("windlass-await-" + id, () -> {
            while (!future.isDone()) {
                try {
                    future.complete(await(Duration.ofMinutes(1)));
                } catch (AwaitTimeoutException e) {
                    // as long as it takes
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    future.completeExceptionally(e);
                } catch (RuntimeException e) {
                    future.completeExceptionally(e);
                }
            }
        });
        return future;
    }
}
