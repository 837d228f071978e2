package dev.windlass.cli.command;

import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

import dev.windlass.queue.PauseState;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.Transition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the commands print as JSON. */
final class JsonText {
    /** Reads and writes numbers with all their digits. */
    static final JsonMapper MAPPER = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

    private JsonText() {
    }

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** A task without its history. */
    static ObjectNode of(TaskInfo task) {
        ObjectNode json = object().put("id", task.id()).put("queue", task.queue()).put("type", task.type())
                .put("status", task.status().name()).put("priority", task.priority()).put("attempt", task.attempt())
                .put("failures", task.failures()).put("maxAttempts", task.maxAttempts())
                .put("createdAt", time(task.createdAt())).put("dueAt", time(task.dueAt()))
                .put("parked", task.parked()).put("startedAt", time(task.startedAt()))
                .put("finishedAt", time(task.finishedAt())).put("workerId", task.workerId())
                .put("cancelRequested", task.cancelRequested()).put("cancelReason", task.cancelReason())
                .put("cancelledBy", task.cancelledBy()).put("expiresAt", time(task.expiresAt()))
                .put("reschedules", task.reschedules()).put("maxReschedules", task.maxReschedules())
                .put("parent", task.parent());
        ObjectNode tags = json.putObject("tags");
        new TreeMap<>(task.tags()).forEach(tags::put);
        json.put("inputCodec", task.inputCodec()).put("outputCodec", task.outputCodec());
        json.set("input", task.input());
        json.set("output", task.output());
        TaskError error = task.error();
        if (error == null) {
            json.putNull("error");
        } else {
            json.set("error", of(error));
        }
        return json;
    }

    static ObjectNode of(TaskError error) {
        return object().put("type", error.type()).put("message", error.message()).put("stackTrace",
                error.stackTrace());
    }

    /** What an attempt says of its work. */
    static ObjectNode of(TaskProgress progress) {
        ObjectNode json = object().put("attempt", progress.attempt()).put("worker", progress.workerId())
                .put("at", time(progress.at())).put("percent", progress.percent()).put("message", progress.message());
        ObjectNode counters = json.putObject("counters");
        new TreeMap<>(progress.counters()).forEach(counters::put);
        return json.put("lines", progress.lines()).put("linesLeftOut", progress.linesLeftOut());
    }

    static ObjectNode of(Transition transition) {
        return object().put("at", time(transition.at())).put("event", transition.event())
                .put("attempt", transition.attempt()).put("worker", transition.worker())
                .put("cause", transition.cause());
    }

    /** What of a queue is paused. */
    static ObjectNode of(String queue, PauseState state) {
        ObjectNode json = object().put("queue", queue);
        PauseState.Pause whole = state.queue();
        if (whole == null) {
            json.putNull("paused");
        } else {
            json.set("paused", of(whole));
        }
        ObjectNode types = json.putObject("types");
        new TreeMap<>(state.types()).forEach((type, pause) -> types.set(type, of(pause)));
        return json;
    }

    private static ObjectNode of(PauseState.Pause pause) {
        return object().put("reason", pause.reason()).put("by", pause.by()).put("at", time(pause.at()));
    }

    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /** A status as people read it. */
    static String word(TaskInfo task) {
        return task.status().name().toLowerCase(Locale.ROOT) + (task.parked() ? " (parked)" : "")
                + (task.cancelRequested() ? " (cancel requested)" : "");
    }
}
