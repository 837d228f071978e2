package dev.windlass.python.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.RescheduleRequest;
import dev.windlass.queue.TaskContext;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.spi.ReleaseRequest;
import dev.windlass.workflow.StepContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tasks that Python works on. The handler's strand puts a message for Python and waits until Python says how it ended: no
 * Python object is known here. Safe for use by any number of threads.
 */
public final class Invocations {
    private final Outbox outbox;
    private final Monitor monitor;
    private final Environment environment;
    private final Map<Long, Invocation> running = new HashMap<>();
    private long last;

    /** @param outbox where Python is told what to run */
    public Invocations(Environment environment, Outbox outbox) {
        this.environment = environment;
        this.outbox = outbox;
        this.monitor = environment.newMonitor();
    }

    /** One run of a handler. Each waits at a monitor of its own, so that an end wakes nobody else. */
    private static final class Invocation {
        private final BooleanSupplier cancelled;
        /** Null of a step, which tells nothing of its progress. */
        private final @Nullable TaskContext task;
        private final Monitor ended;
        private @Nullable String result;
        private @Nullable String failure;

        private Invocation(BooleanSupplier cancelled, @Nullable TaskContext task, Monitor ended) {
            this.cancelled = cancelled;
            this.task = task;
            this.ended = ended;
        }
    }

    /**
     * Has Python work on a task, and waits for it.
     *
     * @param worker the number of the worker, as Python knows it
     * @return its result, or null if that is null
     * @throws Exception what the handler's end comes to, for the worker
     */
    @Nullable
    JsonNode run(long worker, TaskContext task, JsonNode input) throws Exception {
        return run(about(worker, task), BoundaryJson.text(input),
                new Invocation(task::isCancelled, task, environment.newMonitor()), "The result of task " + task.id());
    }

    /**
     * Has Python work on a step, and waits for it.
     *
     * @param about what Python is to know beyond the step: the number of the worker, and what to call
     * @param input what the handler gets
     * @return its result, or null if that is null
     * @throws Exception what the handler's end comes to, for the engine
     */
    @Nullable
    JsonNode run(ObjectNode about, StepContext step, JsonNode input) throws Exception {
        about.put("workflow", step.workflowId()).put("run", step.run()).put("step", step.name())
                .put("attempt", step.attempt()).put("key", step.idempotencyKey());
        return run(about, BoundaryJson.text(input),
                new Invocation(step::isCancelled, null, environment.newMonitor()),
                "The result of step " + step.name() + " of workflow " + step.workflowId());
    }

    private @Nullable JsonNode run(ObjectNode about, String input, Invocation invocation, String what)
            throws Exception {
        long id = enter(invocation);
        try {
            outbox.run(id, BoundaryJson.text(about), input);
            await(id, invocation);
        } finally {
            monitor.lock();
            try {
                running.remove(id);
            } finally {
                monitor.unlock();
            }
        }
        String failure = invocation.failure;
        if (failure != null) {
            throw failureOfBody(failure);
        }
        return result(what, invocation.result);
    }

    private long enter(Invocation invocation) {
        monitor.lock();
        try {
            last++;
            running.put(last, invocation);
            return last;
        } finally {
            monitor.unlock();
        }
    }

    /** A task in hand, as Python is told of it. */
    static ObjectNode about(long worker, TaskContext task) {
        ObjectNode about = BoundaryJson.object();
        about.put("worker", worker).put("task", task.id()).put("queue", task.queue()).put("type", task.type())
                .put("attempt", task.attempt()).put("key", task.idempotencyKey());
        Instant deadline = task.deadline();
        about.put("deadline", deadline == null ? null : deadline.toString());
        return about;
    }

    /** An interrupt asks Python to stop; the slot stays taken until it has. */
    private void await(long id, Invocation invocation) {
        boolean told = false;
        invocation.ended.lock();
        try {
            while (invocation.result == null && invocation.failure == null) {
                try {
                    invocation.ended.await();
                } catch (InterruptedException e) {
                    if (!told) {
                        told = true;
                        outbox.stop(id);
                    }
                }
            }
        } finally {
            invocation.ended.unlock();
        }
    }

    static @Nullable JsonNode result(String what, @Nullable String text) {
        try {
            JsonNode tree = text == null ? null : BoundaryJson.parse(what, text);
            return tree == null || tree.isNull() ? null : tree;
        } catch (InvalidInputException e) {
            throw new PythonFailure.Permanent(
                    new TaskError("windlass.InvalidInputError", String.valueOf(e.getMessage()), null));
        }
    }

    /** A handler of a task, or the body of a step, that was called off has not failed. */
    private static Exception failureOfBody(String text) {
        Exception failure = failure(text);
        return failure instanceof InterruptedException
                ? new ReleaseRequest(String.valueOf(failure.getMessage()))
                : failure;
    }

    static Exception failure(String text) {
        ObjectNode failure = BoundaryJson.parseObject("The failure of a handler", text);
        var error = new TaskError(failure.path("type").asString("Exception"), failure.path("message").asString(""),
                failure.path("traceback").asString(null));
        return switch (failure.path("outcome").asString("retry")) {
            case "permanent" -> new PythonFailure.Permanent(error);
            case "reschedule" -> new RescheduleRequest(Duration.ofMillis(failure.path("delayMillis").asLong(0)));
            case "cancelled" -> new InterruptedException(error.summary());
            default -> new PythonFailure(error);
        };
    }

    /** See {@link dev.windlass.python.Gateway#succeed}. */
    public void succeed(long id, String result) {
        end(id, result, null);
    }

    /** See {@link dev.windlass.python.Gateway#fail}. */
    public void fail(long id, String failure) {
        end(id, null, failure);
    }

    private void end(long id, @Nullable String result, @Nullable String failure) {
        Invocation invocation = find(id);
        if (invocation == null) {
            return;
        }
        invocation.ended.lock();
        try {
            if (invocation.result == null && invocation.failure == null) {
                invocation.result = result;
                invocation.failure = failure;
                invocation.ended.signalAll();
            }
        } finally {
            invocation.ended.unlock();
        }
    }

    /** See {@link dev.windlass.python.Gateway#isCancelled}. */
    public boolean isCancelled(long id) {
        Invocation invocation = find(id);
        return invocation == null || invocation.cancelled.getAsBoolean();
    }

    /** See {@link dev.windlass.python.Gateway#say}. */
    public @Nullable String say(long id, String text) {
        Invocation invocation = find(id);
        TaskContext task = invocation == null ? null : invocation.task;
        if (task == null) {
            return null;
        }
        try {
            Arguments said = Arguments.parse("What a handler says", text);
            if (said.has("percent")) {
                task.progress(said.fraction("percent", 0), said.textOrNull("message"));
            }
            if (said.has("counter")) {
                task.count(said.text("counter"), said.number("more"));
            }
            if (said.has("print")) {
                task.print(said.text("print"));
            }
            return null;
        } catch (WindlassException e) {
            return Failures.json(e);
        }
    }

    private @Nullable Invocation find(long id) {
        monitor.lock();
        try {
            return running.get(id);
        } finally {
            monitor.unlock();
        }
    }
}
