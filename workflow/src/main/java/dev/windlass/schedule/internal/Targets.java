package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.schedule.DagTarget;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StartOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of targets: how they are stored, and who starts them. Safe for use by any number of threads. */
public final class Targets {
    private static final int LARGEST = 256 * 1024;
    private static final String TASK = "task";
    private static final String DAG = "dag";

    private final EngineAccess engine;
    private final Map<String, Launcher> launchers;

    public Targets(Windlass windlass, EngineAccess engine) {
        this.engine = engine;
        this.launchers = Map.of(TASK, new TaskLauncher(windlass, engine), DAG, new DagLauncher(engine));
    }

    /** Who starts a target. */
    Launcher launcher(JsonNode target) {
        String kind = target.path("kind").asString("");
        Launcher launcher = launchers.get(kind);
        if (launcher == null) {
            throw new WindlassException("A schedule has a target of kind \"" + kind
                    + "\", which this version does not know. Let a newer version run the scheduler.");
        }
        return launcher;
    }

    /**
     * Checks a target, and makes what is stored of it.
     *
     * @throws InvalidInputException if it cannot be stored or started
     */
    public ObjectNode write(ScheduleTarget target, OverlapPolicy overlap) {
        ObjectNode json = switch (target) {
            case TaskTarget task -> write(task);
            case DagTarget dag -> write(dag, overlap);
        };
        int size = engine.json().writeValueAsBytes(json).length;
        if (size > LARGEST) {
            throw new InvalidInputException("The target of the schedule has " + size + " bytes as JSON, and is written"
                    + " with each firing; at most " + LARGEST
                    + " are allowed. Store what is large elsewhere, and pass a reference.");
        }
        return json;
    }

    private ObjectNode write(TaskTarget task) {
        engine.keySegment("name of the queue", task.queue());
        engine.keySegment("name of the task type", task.type());
        JsonNode input = encode(task);
        if (task.fireTimeField() != null && !input.isObject()) {
            throw new InvalidInputException("The input of the scheduled task is no JSON object, so its field \""
                    + task.fireTimeField() + "\" cannot hold the fire time. Use an object, or no such field.");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", TASK).put("queue", task.queue()).put("type", task.type())
                .put("priority", task.options().priority());
        RetryPolicy retry = task.options().retry();
        json.putObject("retry").put("maxAttempts", retry.maxAttempts())
                .put("initialMillis", retry.initialDelay().toMillis()).put("maxMillis", retry.maxDelay().toMillis())
                .put("multiplier", retry.multiplier()).put("jitter", retry.jitter());
        Duration timeout = task.options().timeout();
        if (timeout != null) {
            json.put("timeoutMillis", timeout.toMillis());
        }
        if (!input.isNull()) {
            json.set("input", input);
        }
        if (task.fireTimeField() != null) {
            json.put("fireTimeField", task.fireTimeField());
        }
        return reread(json);
    }

    private JsonNode encode(TaskTarget task) {
        try {
            // Through bytes, so that what is stored is what a reader will see.
            return engine.json().readTree(engine.json().writeValueAsBytes(task.input()));
        } catch (JacksonException e) {
            throw new InvalidInputException("The input of the scheduled task of type \"" + task.type()
                    + "\" cannot be encoded as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** As it will be when it is read: numbers compare equal then. */
    private ObjectNode reread(ObjectNode json) {
        return (ObjectNode) engine.json().readTree(engine.json().writeValueAsBytes(json));
    }

    private ObjectNode write(DagTarget dag, OverlapPolicy overlap) {
        if (overlap == OverlapPolicy.CANCEL_PREVIOUS) {
            throw new InvalidInputException(
                    "The overlap policy is CANCEL_PREVIOUS, and the target is a graph, whose runs"
                            + " cannot be cancelled. Use SKIP, BUFFER_ONE or ALLOW.");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", DAG).put("priority", dag.options().priority()).put("attempts", dag.options().attempts());
        json.set("definition", dag.dag().toJson());
        return reread(json);
    }

    /**
     * Checks that what a schedule starts can be named.
     *
     * @throws InvalidInputException if the schedule's name is too long for it
     */
    public void checkId(ScheduleDocument document, Instant first) {
        launcher(document.target()).id(document.name(), first, engine.newWriteId());
    }

    /** What is stored, as users see it. */
    public static ScheduleTarget read(JsonNode target) {
        return switch (target.path("kind").asString("")) {
            case TASK -> TaskTarget.of(target.path("queue").asString(""), target.path("type").asString(""),
                    target.get("input")).withOptions(submitOptions(target))
                    .withFireTime(target.path("fireTimeField").isString()
                            ? target.path("fireTimeField").asString()
                            : null);
            case DAG -> ScheduleTarget.dag(DagDefinition.fromJson(target.path("definition")))
                    .withOptions(startOptions(target));
            default -> throw new WindlassException("A schedule has a target of kind \""
                    + target.path("kind").asString("") + "\", which this version does not know. Use a newer version.");
        };
    }

    static SubmitOptions submitOptions(JsonNode target) {
        JsonNode retry = target.path("retry");
        RetryPolicy usual = RetryPolicy.ofDefaults();
        @Nullable
        Duration timeout = target.path("timeoutMillis").isIntegralNumber()
                ? Duration.ofMillis(target.path("timeoutMillis").asLong())
                : null;
        return SubmitOptions.ofDefaults().withPriority(target.path("priority").asInt(5)).withTimeout(timeout)
                .withRetry(new RetryPolicy(retry.path("maxAttempts").asInt(usual.maxAttempts()),
                        Duration.ofMillis(retry.path("initialMillis").asLong(usual.initialDelay().toMillis())),
                        Duration.ofMillis(retry.path("maxMillis").asLong(usual.maxDelay().toMillis())),
                        retry.path("multiplier").asDouble(usual.multiplier()),
                        retry.path("jitter").asDouble(usual.jitter())));
    }

    static StartOptions startOptions(JsonNode target) {
        StartOptions usual = StartOptions.ofDefaults();
        return usual.withPriority(target.path("priority").asInt(usual.priority()))
                .withAttempts(target.path("attempts").asInt(usual.attempts()));
    }
}
