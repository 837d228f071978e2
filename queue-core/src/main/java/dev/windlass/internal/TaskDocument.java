package dev.windlass.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.RetryPolicy;
import dev.windlass.queue.TaskError;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.Transition;
import dev.windlass.queue.spi.LogContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a task's object: the only truth about the task. A view on its JSON tree, so that fields which this version
 * does not know are kept on rewrite. Immutable: {@link #edit()} gives a copy to change.
 *
 * <p>Times are milliseconds since 1970, by the store's clock as the writer knew it.
 */
final class TaskDocument {
    static final int HISTORY = 20;

    private final ObjectNode json;

    private TaskDocument(ObjectNode json) {
        this.json = json;
    }

    /** The task that the bytes hold, or null if they are no task of this id: a poison body. */
    static @Nullable TaskDocument parse(byte[] body, String id) {
        ObjectNode json = Json.object(body);
        if (json == null || !id.equals(text(json, "id")) || !json.path("gen").isIntegralNumber()
                || text(json, "writeId") == null || !json.path("queue").isString() || !json.path("type").isString()) {
            return null;
        }
        if (!hasSaneNumbers(json)) {
            return null;
        }
        String status = text(json, "status");
        for (TaskState state : TaskState.values()) {
            if (state.name().equals(status)) {
                boolean whole = state != TaskState.PENDING
                        || (text(json, "readyKey") != null && !json.path("queue").asString("").isEmpty());
                return whole ? new TaskDocument(json) : null;
            }
        }
        return null;
    }

    /** Whether what a retry or a ready key is made of can be made of it: otherwise the first use would throw. */
    private static boolean hasSaneNumbers(ObjectNode json) {
        try {
            retry(json);
        } catch (InvalidInputException | ArithmeticException e) {
            return false;
        }
        int priority = json.path("priority").asInt(0);
        return priority >= 0 && priority <= 9;
    }

    static Edit create() {
        return new Edit(Json.MAPPER.createObjectNode());
    }

    Edit edit() {
        // Values are never changed in place, so a copy of the top level is enough.
        ObjectNode copy = Json.MAPPER.createObjectNode();
        copy.setAll(json);
        return new Edit(copy);
    }

    byte[] bytes() {
        return Json.bytes(json);
    }

    String id() {
        return required("id");
    }

    String queue() {
        return required("queue");
    }

    String type() {
        return required("type");
    }

    TaskState state() {
        return TaskState.valueOf(required("status"));
    }

    String writeId() {
        return required("writeId");
    }

    int priority() {
        return json.path("priority").asInt(5);
    }

    long gen() {
        return json.path("gen").asLong();
    }

    @Nullable
    String readyKey() {
        return text(json, "readyKey");
    }

    int attempt() {
        return json.path("attempt").asInt(0);
    }

    int failures() {
        return json.path("failures").asInt(0);
    }

    @Nullable
    String claimWriteId() {
        return text(json, "claimWriteId");
    }

    @Nullable
    String leaseId() {
        return text(json, "leaseId");
    }

    @Nullable
    String workerId() {
        return text(json, "workerId");
    }

    Instant dueAt() {
        return Instant.ofEpochMilli(json.path("dueAt").asLong(0));
    }

    /** When the last line of the history was written; the epoch if there is none. */
    Instant lastTransition() {
        JsonNode history = json.path("history");
        return Instant.ofEpochMilli(history.path(history.size() - 1).path("at").asLong(0));
    }

    @Nullable
    Instant deadlineAt() {
        return instant("deadlineAt");
    }

    @Nullable
    Duration timeout() {
        JsonNode millis = json.path("timeoutMillis");
        return millis.isIntegralNumber() ? Duration.ofMillis(millis.asLong()) : null;
    }

    RetryPolicy retry() {
        return retry(json);
    }

    private static RetryPolicy retry(ObjectNode json) {
        JsonNode retry = json.path("retry");
        RetryPolicy defaults = RetryPolicy.ofDefaults();
        return retry.isObject()
                ? new RetryPolicy(retry.path("maxAttempts").asInt(defaults.maxAttempts()),
                        Duration.ofMillis(retry.path("initialMillis").asLong(1000)),
                        Duration.ofMillis(retry.path("maxMillis").asLong(60_000)),
                        retry.path("multiplier").asDouble(2), retry.path("jitter").asDouble(0.25))
                : defaults;
    }

    boolean isEngine() {
        return json.path("engine").asBoolean(false);
    }

    boolean isParked() {
        return json.path("parked").asBoolean(false);
    }

    boolean isParking() {
        return json.path("parking").asBoolean(false);
    }

    @Nullable
    String inputHash() {
        return text(json, "inputHash");
    }

    @Nullable
    JsonNode input() {
        return json.get("input");
    }

    @Nullable
    String inputRef() {
        return text(json, "inputRef");
    }

    @Nullable
    String inputCodec() {
        return text(json, "inputCodec");
    }

    @Nullable
    JsonNode output() {
        return json.get("output");
    }

    @Nullable
    String outputRef() {
        return text(json, "outputRef");
    }

    @Nullable
    String outputCodec() {
        return text(json, "outputCodec");
    }

    @Nullable
    TaskError error() {
        JsonNode error = json.path("error");
        return error.isObject()
                ? new TaskError(error.path("type").asString(""), error.path("message").asString(""),
                        error.path("stackTrace").asString(null))
                : null;
    }

    /** Why somebody asked to cancel it while it ran, or null. */
    @Nullable
    String cancelReason() {
        JsonNode request = json.path("cancelRequested");
        return request.isObject() ? request.path("reason").asString("") : null;
    }

    /** Who asked to cancel it, or null. */
    @Nullable
    String cancelledBy() {
        return text(json, "cancelledBy");
    }

    /** Why it was cancelled, or is to be, or null. */
    private @Nullable String anyCancelReason() {
        String asked = cancelReason();
        if (asked != null || state() != TaskState.CANCELLED) {
            return asked;
        }
        JsonNode history = json.path("history");
        return history.path(history.size() - 1).path("cause").asString(null);
    }

    /** When it may start no longer, or null. */
    @Nullable
    Instant expiresAt() {
        return instant("expiresAt");
    }

    /** Whether it waits, and may start no longer. */
    boolean isExpired(Instant now) {
        Instant expiry = expiresAt();
        return expiry != null && state() == TaskState.PENDING && !now.isBefore(expiry);
    }

    /** The same now; the clock is not asked about tasks that never expire. */
    boolean isExpired(StoreClock clock) {
        return expiresAt() != null && isExpired(clock.now());
    }

    int reschedules() {
        return json.path("reschedules").asInt(0);
    }

    @Nullable
    Integer maxReschedules() {
        JsonNode most = json.path("maxReschedules");
        return most.isIntegralNumber() ? Integer.valueOf(most.asInt()) : null;
    }

    /** When its idempotency key ends, or null. */
    @Nullable
    Instant keyExpiresAt() {
        return instant("keyExpiresAt");
    }

    private Map<String, String> tags() {
        var tags = new TreeMap<String, String>();
        json.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString("")));
        return tags;
    }

    boolean isOwnedBy(String claim) {
        return state() == TaskState.RUNNING && claim.equals(claimWriteId());
    }

    /** The status as users see it. */
    TaskStatus status() {
        TaskState state = state();
        return switch (state) {
            case TOMBSTONE, REMOVED -> TaskStatus.CANCELLED;
            default -> TaskStatus.valueOf(state.name());
        };
    }

    /** It, for log lines: with the worker and the attempt that it names. */
    LogContext logContext() {
        return LogContext.task(id(), queue()).attempt(attempt()).worker(workerId());
    }

    /** As users see it; without values that are encoded: see {@link Payloads#info}. */
    TaskInfo info() {
        return info(inputCodec() == null ? input() : null, outputCodec() == null ? output() : null);
    }

    TaskInfo info(@Nullable JsonNode input, @Nullable JsonNode output) {
        Instant created = instant("createdAt");
        return new TaskInfo(id(), queue(), type(), status(), priority(), attempt(), failures(), retry().maxAttempts(),
                created == null ? Instant.EPOCH : created, dueAt(), isParked(), instant("claimedAt"),
                instant("finishedAt"), workerId(), cancelReason() != null, anyCancelReason(), cancelledBy(),
                expiresAt(), reschedules(), maxReschedules(), tags(), text(json, "parent"), input, output, error(),
                history(), retry(), timeout(), leaseId(), inputRef(), outputRef(), inputCodec(),
                outputCodec());
    }

    List<Transition> history() {
        var history = new ArrayList<Transition>();
        for (JsonNode entry : json.path("history")) {
            history.add(
                    new Transition(Instant.ofEpochMilli(entry.path("at").asLong()), entry.path("event").asString(""),
                            entry.path("worker").asString(null), entry.path("attempt").asInt(0),
                            entry.path("cause").asString(null), entry.path("w").asString("")));
        }
        return history;
    }

    private String required(String field) {
        return json.path(field).asString("");
    }

    private @Nullable Instant instant(String field) {
        JsonNode millis = json.path(field);
        return millis.isIntegralNumber() ? Instant.ofEpochMilli(millis.asLong()) : null;
    }

    private static @Nullable String text(ObjectNode json, String field) {
        return json.path(field).isString() ? json.path(field).asString() : null;
    }

    /** A copy to change. Not safe for use by several threads. */
    static final class Edit {
        private final ObjectNode json;

        private Edit(ObjectNode json) {
            this.json = json;
        }

        Edit set(String field, @Nullable String value) {
            if (value == null) {
                json.remove(field);
            } else {
                json.put(field, value);
            }
            return this;
        }

        Edit set(String field, long value) {
            json.put(field, value);
            return this;
        }

        Edit set(String field, @Nullable Instant value) {
            if (value == null) {
                json.remove(field);
            } else {
                json.put(field, value.toEpochMilli());
            }
            return this;
        }

        Edit set(String field, @Nullable JsonNode value) {
            if (value == null) {
                json.remove(field);
            } else {
                json.set(field, value);
            }
            return this;
        }

        Edit flag(String field, boolean value) {
            if (value) {
                json.put(field, true);
            } else {
                json.remove(field);
            }
            return this;
        }

        Edit state(TaskState state) {
            return set("status", state.name());
        }

        Edit retry(RetryPolicy retry) {
            ObjectNode node = Json.MAPPER.createObjectNode();
            node.put("maxAttempts", retry.maxAttempts());
            node.put("initialMillis", retry.initialDelay().toMillis());
            node.put("maxMillis", retry.maxDelay().toMillis());
            node.put("multiplier", retry.multiplier());
            node.put("jitter", retry.jitter());
            return set("retry", node);
        }

        Edit tags(Map<String, String> tags) {
            if (tags.isEmpty()) {
                return set("tags", (JsonNode) null);
            }
            ObjectNode node = Json.MAPPER.createObjectNode();
            tags.forEach(node::put);
            return set("tags", node);
        }

        Edit error(@Nullable TaskError error) {
            if (error == null) {
                return set("error", (JsonNode) null);
            }
            ObjectNode node = Json.MAPPER.createObjectNode();
            node.put("type", error.type());
            node.put("message", error.message());
            if (error.stackTrace() != null) {
                node.put("stackTrace", error.stackTrace());
            }
            return set("error", node);
        }

        /** Names the write, and adds a line to the history: the oldest lines fall off. */
        Edit record(String writeId, Instant at, String event, @Nullable String worker, @Nullable String cause) {
            set("writeId", writeId);
            ObjectNode line = Json.MAPPER.createObjectNode();
            line.put("w", writeId);
            line.put("at", at.toEpochMilli());
            line.put("event", event);
            if (worker != null) {
                line.put("worker", worker);
            }
            int attempt = json.path("attempt").asInt(0);
            if (attempt > 0) {
                line.put("attempt", attempt);
            }
            if (cause != null) {
                line.put("cause", cause);
            }
            ArrayNode history = Json.MAPPER.createArrayNode();
            JsonNode before = json.path("history");
            for (int i = Math.max(0, before.size() - HISTORY + 1); i < before.size(); i++) {
                history.add(before.get(i));
            }
            history.add(line);
            json.set("history", history);
            return this;
        }

        TaskDocument build() {
            return new TaskDocument(json);
        }
    }
}
