package dev.windlass.schedule.internal;

import java.time.Instant;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import tools.jackson.databind.JsonNode;

/** Submits tasks. */
final class TaskLauncher implements Launcher {
    private final Windlass windlass;
    private final EngineAccess engine;

    TaskLauncher(Windlass windlass, EngineAccess engine) {
        this.windlass = windlass;
        this.engine = engine;
    }

    @Override
    public String id(String schedule, Instant at, String trigger) {
        return engine.deriveTaskId("schedule", engine.keySegment("name of the schedule", schedule) + '/'
                + at.toEpochMilli() + (trigger.isEmpty() ? "" : '/' + trigger));
    }

    @Override
    public boolean start(ScheduleDocument document, ScheduleDocument.Open open) {
        JsonNode target = document.target();
        String label = "schedule " + document.name() + " at " + open.at();
        SubmitOptions options = Targets.submitOptions(target).withIdempotencyKey(label);
        try {
            return engine.submitTask(open.id(), target.path("queue").asString(""), target.path("type").asString(""),
                    Targets.input(target, open.at(), document.zone()), options).created();
        } catch (IdempotencyConflictException e) {
            return false; // an earlier schedule of the name has fired this very time
        }
    }

    @Override
    public LogContext about(JsonNode target, String id) {
        return LogContext.task(id, target.path("queue").asString(""));
    }

    @Override
    public boolean runs(JsonNode target, String id) {
        TaskInfo task = engine.task(id);
        return task != null && !task.status().isFinal();
    }

    @Override
    public boolean isKnown(JsonNode target, String id) {
        return engine.task(id) != null;
    }

    @Override
    public void cancel(JsonNode target, String id, String reason) {
        try {
            windlass.queue(target.path("queue").asString("")).cancel(id, reason);
        } catch (TaskNotFoundException e) {
            // removed, so it has ended
        }
    }
}
