package dev.windlass.schedule.internal;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

import dev.windlass.IdempotencyConflictException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.Windlass;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
                    input(target, open.at(), document.zone()), options).created();
        } catch (IdempotencyConflictException e) {
            return false; // an earlier schedule of the name has fired this very time
        }
    }

    private static JsonNode input(JsonNode target, Instant at, ZoneId zone) {
        @Nullable
        JsonNode input = target.get("input");
        JsonNode given = input == null ? JsonNodeFactory.instance.nullNode() : input;
        String field = target.path("fireTimeField").asString("");
        if (field.isEmpty() || !(given instanceof ObjectNode object)) {
            return given;
        }
        return object.deepCopy().put(field, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone)));
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
