package dev.windlass.python.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.InvalidInputException;
import dev.windlass.TaskNotFoundException;
import dev.windlass.Windlass;
import dev.windlass.environment.Environment;
import dev.windlass.queue.Debounce;
import dev.windlass.queue.IdempotencyScope;
import dev.windlass.queue.QueueStats;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.SubmitOptions;
import dev.windlass.queue.TaskHandle;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskOutput;
import dev.windlass.queue.TaskProgress;
import dev.windlass.queue.TaskQueue;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.TaskType;
import dev.windlass.store.ListPage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about tasks. */
final class QueueVerbs {
    private static final TaskType<JsonNode, JsonNode> JSON = TaskType.of("any", JsonNode.class, JsonNode.class);
    private static final int PAGE = 1000;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Environment environment;
    private final Connections connections;

    QueueVerbs(Environment environment, Connections connections) {
        this.environment = environment;
        this.connections = connections;
    }

    private Connections.Opened opened(Arguments arguments) {
        return connections.get(arguments.number("connection"));
    }

    private static TaskType<JsonNode, JsonNode> type(String name) {
        return TaskType.of(name, JsonNode.class, JsonNode.class);
    }

    Verbs.Answer submit(Arguments arguments) {
        TaskQueue queue = opened(arguments).windlass().queue(arguments.text("queue"));
        TaskHandle<JsonNode> handle = queue.submit(type(arguments.text("type")), arguments.tree("input"),
                options(arguments.object("options")));
        return Verbs.Answer.of(TaskJson.of(submitted(handle)));
    }

    private static TaskInfo submitted(TaskHandle<JsonNode> handle) {
        TaskInfo task = handle.submitted();
        return task == null ? handle.get() : task;
    }

    Verbs.Answer submitMany(Arguments arguments) throws InterruptedException {
        Windlass windlass = opened(arguments).windlass();
        TaskQueue queue = windlass.queue(arguments.text("queue"));
        SubmitOptions options = options(arguments.object("options"));
        var tasks = new ArrayList<Bulk.Job<TaskInfo>>();
        for (JsonNode item : arguments.tree("items")) {
            TaskType<JsonNode, JsonNode> type = type(item.path(0).asString(""));
            JsonNode input = item.path(1);
            windlass.engine().checkInput(type.name(), input); // all of them, before the first is written
            tasks.add(() -> submitted(queue.submit(type, input, options)));
        }
        ArrayNode all = BoundaryJson.object().putArray("tasks");
        new Bulk(environment).run("windlass-python-submit", tasks).forEach(task -> all.add(TaskJson.of(task)));
        return Verbs.Answer.of(all);
    }

    static SubmitOptions options(Arguments given) {
        SubmitOptions options = SubmitOptions.ofDefaults().withRetry(retry(given))
                .withPriority(given.count("priority", 5)).withIdempotencyKey(given.textOrNull("idempotencyKey"));
        if (given.json().has("timeoutMillis")) {
            options = options.withTimeout(given.millis("timeoutMillis"));
        }
        Duration delay = given.millis("delayMillis");
        if (delay != null) {
            options = options.withDelay(delay);
        }
        Instant dueAt = given.instant("dueAt");
        if (dueAt != null) {
            options = options.withDueAt(dueAt);
        }
        return more(given, options);
    }

    private static SubmitOptions more(Arguments given, SubmitOptions options) {
        SubmitOptions all = options.withId(given.textOrNull("id")).withParent(given.textOrNull("parent"))
                .withIdempotencyTtl(given.millis("idempotencyTtlMillis"));
        if (given.has("maxReschedules")) {
            all = all.withMaxReschedules(given.count("maxReschedules", 0));
        }
        String debounce = given.textOrNull("debounce");
        if (debounce != null) {
            all = all.withDebounce(given.flag("debounceMoves", false)
                    ? Debounce.moveDueTime(debounce)
                    : Debounce.unlessWaiting(debounce));
        }
        Instant expiresAt = given.instant("expiresAt");
        all = expiresAt == null ? all.withTtl(given.millis("ttlMillis")) : all.withExpiresAt(expiresAt);
        Arguments tags = given.object("tags");
        for (String name : tags.json().propertyNames()) {
            all = all.withTag(name, tags.text(name));
        }
        String scope = given.textOrNull("idempotencyScope");
        return switch (scope) {
            case null -> all;
            case "type" -> all;
            case "queue" -> all.withIdempotencyScope(IdempotencyScope.queue());
            default -> all.withIdempotencyScope(IdempotencyScope.custom(scope));
        };
    }

    static RetryPolicy retry(Arguments given) {
        RetryPolicy usual = RetryPolicy.ofDefaults();
        Arguments policy = given.object("retry");
        return new RetryPolicy(given.count("attempts", usual.maxAttempts()),
                policy.millis("initialMillis", usual.initialDelay()), policy.millis("maxMillis", usual.maxDelay()),
                policy.fraction("multiplier", usual.multiplier()), policy.fraction("jitter", usual.jitter()));
    }

    Verbs.Answer get(Arguments arguments) {
        TaskInfo task = opened(arguments).anyQueue().get(arguments.text("task"));
        return task == null ? Verbs.Answer.nothing() : Verbs.Answer.of(TaskJson.of(task));
    }

    Verbs.Answer await(Arguments arguments) throws InterruptedException {
        TaskHandle<JsonNode> handle = opened(arguments).anyQueue().handle(type("any"), arguments.text("task"));
        Duration limit = arguments.millis("limitMillis");
        while (true) {
            try {
                @Nullable
                JsonNode result = handle.await(limit == null ? LONG : limit);
                return result == null ? Verbs.Answer.nothing() : Verbs.Answer.of(result);
            } catch (AwaitTimeoutException e) {
                if (limit != null) {
                    throw e;
                }
            }
        }
    }

    Verbs.Answer cancel(Arguments arguments) {
        return Verbs.Answer.of(opened(arguments).anyQueue().cancel(arguments.text("task"), arguments.text("reason"),
                arguments.textOrNull("by")));
    }

    Verbs.Answer progress(Arguments arguments) {
        TaskProgress progress = opened(arguments).anyQueue().handle(type("any"), arguments.text("task")).progress();
        return progress == null ? Verbs.Answer.nothing() : Verbs.Answer.of(TaskJson.of(progress));
    }

    /** The lines since those that Python has; all if it has none. */
    Verbs.Answer output(Arguments arguments) {
        TaskOutput before = arguments.has("attempt")
                ? new TaskOutput(arguments.count("attempt", 0), arguments.count("parts", 0), List.of())
                : null;
        TaskOutput output = opened(arguments).anyQueue().handle(type("any"), arguments.text("task")).output(before);
        ObjectNode json = BoundaryJson.object().put("attempt", output.attempt()).put("parts", output.parts());
        output.lines().forEach(json.putArray("lines")::add);
        return Verbs.Answer.of(json);
    }

    Verbs.Answer find(Arguments arguments) {
        String queue = arguments.textOrNull("queue");
        List<String> types = arguments.texts("types");
        TaskStatus status = status(arguments);
        ArrayNode found = BoundaryJson.object().putArray("tasks");
        opened(arguments).windlass()
                .find(task -> (queue == null || task.queue().equals(queue))
                        && (types.isEmpty() || types.contains(task.type()))
                        && (status == null || task.status() == status), limit(arguments))
                .forEach(task -> found.add(TaskJson.of(task)));
        return Verbs.Answer.of(found);
    }

    private static @Nullable TaskStatus status(Arguments arguments) {
        String name = arguments.textOrNull("status");
        if (name == null) {
            return null;
        }
        try {
            return TaskStatus.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("There is no status \"" + name + "\".", e);
        }
    }

    private static int limit(Arguments arguments) {
        int limit = arguments.count("limit", 100);
        if (limit < 1) {
            throw new InvalidInputException("The limit is " + limit + ". Use 1 or more.");
        }
        return limit;
    }

    /** The tasks of one shard, by their ids: each is one get. */
    Verbs.Answer list(Arguments arguments) throws InterruptedException {
        TaskStatus status = status(arguments);
        int limit = limit(arguments);
        ArrayNode found = BoundaryJson.object().putArray("tasks");
        String prefix = "tasks/" + arguments.text("shard") + "/";
        Connections.Opened opened = opened(arguments);
        String after = null;
        while (found.size() < limit) {
            ListPage page = opened.store().list(prefix, after, PAGE);
            for (TaskInfo task : read(opened, page, prefix)) {
                if (found.size() < limit && (status == null || task.status() == status)) {
                    found.add(TaskJson.of(task));
                }
            }
            if (!page.more() || page.entries().isEmpty()) {
                break;
            }
            after = page.entries().getLast().key();
        }
        return Verbs.Answer.of(found);
    }

    private List<TaskInfo> read(Connections.Opened opened, ListPage page, String prefix) throws InterruptedException {
        var reads = new ArrayList<Bulk.Job<TaskInfo>>();
        for (ListPage.Entry entry : page.entries()) {
            String name = entry.key().substring(prefix.length());
            if (name.endsWith(".json")) {
                String id = name.substring(0, name.length() - ".json".length());
                reads.add(() -> opened.anyQueue().get(id));
            }
        }
        return new Bulk(environment).run("windlass-python-list", reads);
    }

    /** What waits in a queue: what is due, in the order in which it is claimed, then what waits for later. */
    Verbs.Answer peek(Arguments arguments) {
        Connections.Opened opened = opened(arguments);
        boolean ready = arguments.flag("ready", false);
        Instant now = opened.windlass().engine().storeTime();
        ArrayNode found = BoundaryJson.object().putArray("tasks");
        for (TaskInfo task : opened.windlass().queue(arguments.text("queue")).peek(limit(arguments))) {
            if (!ready || !task.dueAt().isAfter(now)) {
                found.add(TaskJson.of(task));
            }
        }
        return Verbs.Answer.of(found);
    }

    Verbs.Answer stats(Arguments arguments) {
        QueueStats stats = opened(arguments).windlass().queue(arguments.text("queue")).stats();
        Duration oldest = stats.oldestDue();
        return Verbs.Answer.of(BoundaryJson.object().put("due", stats.due()).put("scheduled", stats.scheduled())
                .put("oldestMillis", oldest == null ? null : (Long) oldest.toMillis()));
    }

    /** A task's input or output, wherever it stands. */
    Verbs.Answer payload(Arguments arguments) throws InterruptedException {
        Connections.Opened opened = opened(arguments);
        String id = arguments.text("task");
        TaskInfo task = opened.anyQueue().get(id);
        if (task == null) {
            throw new TaskNotFoundException(id, "There is no task " + id + " at " + opened.windlass().location()
                    + ". Check the id; a task is removed when its retention is over.", null);
        }
        boolean input = arguments.text("what").equals("input");
        JsonNode inline = input ? task.input() : task.output();
        String reference = input ? task.inputRef() : task.outputRef();
        if (inline != null) {
            return Verbs.Answer.of(inline);
        }
        if ((input ? task.inputCodec() : task.outputCodec()) != null) { // encoded, and beside the task
            return decoded(opened, id, input);
        }
        return reference == null
                ? Verbs.Answer.nothing()
                : new Verbs.Answer.Bytes(opened.windlass().engine().payload(reference));
    }

    private static Verbs.Answer decoded(Connections.Opened opened, String id, boolean input)
            throws InterruptedException {
        JsonNode value = input
                ? opened.anyQueue().input(id)
                : opened.anyQueue().handle(JSON, id).await(Duration.ZERO);
        return value == null ? Verbs.Answer.nothing() : Verbs.Answer.of(value);
    }
}
