package dev.windlass.python.internal;

import java.time.Instant;

import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.Transition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A task, as Python is told of it. */
final class TaskJson {
    private TaskJson() {
    }

    static ObjectNode of(TaskInfo task) {
        ObjectNode json = BoundaryJson.object();
        json.put("id", task.id()).put("queue", task.queue()).put("type", task.type())
                .put("status", task.status().name()).put("priority", task.priority()).put("attempt", task.attempt())
                .put("failures", task.failures()).put("maxAttempts", task.maxAttempts())
                .put("createdAt", text(task.createdAt())).put("dueAt", text(task.dueAt())).put("parked", task.parked())
                .put("startedAt", text(task.startedAt())).put("finishedAt", text(task.finishedAt()))
                .put("workerId", task.workerId()).put("cancelRequested", task.cancelRequested())
                .put("leaseId", task.leaseId()).put("inputRef", task.inputRef()).put("outputRef", task.outputRef());
        json.put("cancelReason", task.cancelReason()).put("cancelledBy", task.cancelledBy())
                .put("expiresAt", text(task.expiresAt())).put("reschedules", task.reschedules())
                .put("maxReschedules", task.maxReschedules()).put("parent", task.parent());
        ObjectNode tags = json.putObject("tags");
        task.tags().forEach(tags::put);
        json.put("timeoutMillis", task.timeout() == null ? null : (Long) task.timeout().toMillis());
        json.set("input", task.input());
        json.set("output", task.output());
        json.set("error", error(task.error()));
        json.set("retry", retry(task.retry()));
        ArrayNode history = json.putArray("history");
        task.history().forEach(entry -> history.add(transition(entry)));
        return json;
    }

    static ObjectNode of(TaskProgress progress) {
        ObjectNode json = BoundaryJson.object().put("attempt", progress.attempt()).put("worker", progress.workerId())
                .put("at", text(progress.at())).put("percent", progress.percent()).put("message", progress.message())
                .put("lines", progress.lines()).put("linesLeftOut", progress.linesLeftOut());
        ObjectNode counters = json.putObject("counters");
        progress.counters().forEach(counters::put);
        return json;
    }

    private static @Nullable ObjectNode error(@Nullable TaskError error) {
        return error == null
                ? null
                : BoundaryJson.object().put("type", error.type()).put("message", error.message())
                        .put("traceback", error.stackTrace());
    }

    private static ObjectNode retry(RetryPolicy retry) {
        return BoundaryJson.object().put("initialMillis", retry.initialDelay().toMillis())
                .put("maxMillis", retry.maxDelay().toMillis()).put("multiplier", retry.multiplier())
                .put("jitter", retry.jitter());
    }

    private static ObjectNode transition(Transition entry) {
        return BoundaryJson.object().put("at", text(entry.at())).put("event", entry.event())
                .put("worker", entry.worker()).put("attempt", entry.attempt()).put("cause", entry.cause());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
