package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.WindlassException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.schedule.DagTarget;
import dev.windlass.schedule.ScheduleTarget;
import dev.windlass.schedule.TaskTarget;
import dev.windlass.schedule.WorkflowTarget;
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
    private static final String FUNCTION = "function";

    private final EngineAccess engine;
    private final Map<String, Launcher> launchers;

    public Targets(Windlass windlass, EngineAccess engine) {
        this.engine = engine;
        this.launchers = Map.of(TASK, new TaskLauncher(windlass, engine), DAG, RunLauncher.ofGraphs(engine),
                FUNCTION, RunLauncher.ofFunctions(engine));
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
    public ObjectNode write(ScheduleTarget target) {
        ObjectNode json = switch (target) {
            case TaskTarget task -> write(task);
            case DagTarget dag -> write(dag);
            case WorkflowTarget workflow -> write(workflow);
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
        JsonNode input = encode("task of type \"" + task.type() + '"', task.input(), task.fireTimeField());
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
        putInput(json, input, task.fireTimeField());
        return reread(json);
    }

    private ObjectNode write(WorkflowTarget workflow) {
        engine.keySegment("name of the workflow type", workflow.type());
        JsonNode input = encode("workflow of type \"" + workflow.type() + '"', workflow.input(),
                workflow.fireTimeField());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", FUNCTION).put("name", workflow.type()).put("version", workflow.version())
                .put("priority", workflow.options().priority()).put("attempts", workflow.options().attempts());
        putInput(json, input, workflow.fireTimeField());
        return reread(json);
    }

    private static void putInput(ObjectNode json, JsonNode input, @Nullable String fireTimeField) {
        if (!input.isNull()) {
            json.set("input", input);
        }
        if (fireTimeField != null) {
            json.put("fireTimeField", fireTimeField);
        }
    }

    private JsonNode encode(String what, @Nullable Object given, @Nullable String fireTimeField) {
        JsonNode input;
        try {
            // Through bytes, so that what is stored is what a reader will see.
            input = engine.json().readTree(engine.json().writeValueAsBytes(given));
        } catch (JacksonException e) {
            throw new InvalidInputException("The input of the scheduled " + what + " cannot be encoded as JSON: "
                    + e.getOriginalMessage(), e);
        }
        if (fireTimeField != null && !input.isObject()) {
            throw new InvalidInputException("The input of the scheduled " + what + " is no JSON object, so its field \""
                    + fireTimeField + "\" cannot hold the fire time. Use an object, or no such field.");
        }
        return input;
    }

    /** What a firing passes on: the input, with the fire time in it where that was asked for. */
    static JsonNode input(JsonNode target, Instant at, ZoneId zone) {
        @Nullable
        JsonNode input = target.get("input");
        JsonNode given = input == null ? JsonNodeFactory.instance.nullNode() : input;
        String field = target.path("fireTimeField").asString("");
        if (field.isEmpty() || !(given instanceof ObjectNode object)) {
            return given;
        }
        return object.deepCopy().put(field, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone)));
    }

    /** As it will be when it is read: numbers compare equal then. */
    private ObjectNode reread(ObjectNode json) {
        return (ObjectNode) engine.json().readTree(engine.json().writeValueAsBytes(json));
    }

    private ObjectNode write(DagTarget dag) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", DAG).put("priority", dag.options().priority()).put("attempts", dag.options().attempts());
        json.set("definition", dag.dag().toJson());
        return reread(json);
    }

    /**
     * Checks that what a schedule starts can be named, and will be accepted.
     *
     * @throws InvalidInputException if the schedule's name is too long for it, or a check refuses its input
     */
    public void check(ScheduleDocument document, Instant first) {
        JsonNode target = document.target();
        launcher(target).id(document.name(), first, engine.newWriteId());
        if (target.path("kind").asString("").equals(TASK)) {
            engine.checkInput(target.path("type").asString(""), input(target, first, document.zone()));
        }
    }

    /** What is stored, as users see it. */
    public static ScheduleTarget read(JsonNode target) {
        return switch (target.path("kind").asString("")) {
            case TASK -> TaskTarget.of(target.path("queue").asString(""), target.path("type").asString(""),
                    target.get("input")).withOptions(submitOptions(target)).withFireTime(fireTimeField(target));
            case DAG -> ScheduleTarget.dag(DagDefinition.fromJson(target.path("definition")))
                    .withOptions(startOptions(target));
            case FUNCTION -> WorkflowTarget.of(target.path("name").asString(""), target.path("version").asInt(1),
                    target.get("input")).withOptions(startOptions(target)).withFireTime(fireTimeField(target));
            default -> throw new WindlassException("A schedule has a target of kind \""
                    + target.path("kind").asString("") + "\", which this version does not know. Use a newer version.");
        };
    }

    private static @Nullable String fireTimeField(JsonNode target) {
        return target.path("fireTimeField").isString() ? target.path("fireTimeField").asString() : null;
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
