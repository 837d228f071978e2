package dev.windlass.schedule.internal;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.WindlassException;
import dev.windlass.schedule.Cron;
import dev.windlass.schedule.MisfirePolicy;
import dev.windlass.schedule.OverlapPolicy;
import dev.windlass.schedule.ScheduleEvent;
import dev.windlass.schedule.ScheduleOptions;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code schedules/{name}.json} (docs/protocol.md, "Schedules"): one version of a schedule. Fields that are not known stay.
 * Immutable.
 */
public final class ScheduleDocument {
    private static final int HISTORY = 20;
    private static final int WRITES = 16;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode json;
    private final Cron cron;
    private final ZoneId zone;

    private ScheduleDocument(ObjectNode json) {
        this.json = json;
        this.cron = Cron.parse(json.path("cron").asString(""));
        this.zone = ZoneId.of(json.path("zone").asString(""));
    }

    /** Where a schedule stands. */
    public enum Status {
        /** It fires. */
        ACTIVE,
        /** It does not, until it is resumed. */
        PAUSED,
        /** It is deleted; the object stays, since its name may be used again. */
        DELETED
    }

    /**
     * A firing that is decided and that may not have been carried out yet.
     *
     * @param at the fire time
     * @param id the id of the task or workflow
     * @param cancels the id of what is cancelled before, or null
     */
    public record Open(Instant at, String id, @Nullable String cancels) {}

    /**
     * Takes a version apart.
     *
     * @throws WindlassException if it is no schedule that this version can read
     */
    public static ScheduleDocument parse(JsonMapper mapper, StoredObject object) {
        try {
            if (mapper.readTree(object.body()) instanceof ObjectNode json) {
                var document = new ScheduleDocument(json);
                document.status();
                document.options();
                return document;
            }
        } catch (JacksonException | WindlassException | IllegalArgumentException | DateTimeException e) {
            throw broken(object, e);
        }
        throw broken(object, null);
    }

    private static WindlassException broken(StoredObject object, @Nullable Exception cause) {
        return new WindlassException("The object " + object.key() + " is no schedule that this version can read: '"
                + new String(object.body(), 0, Math.min(60, object.body().length), StandardCharsets.UTF_8) + "'"
                + (cause == null ? "" : " (" + cause.getMessage() + ")")
                + ". It fires nothing. Look at it, and remove it if something else has written it.", cause);
    }

    /** A new schedule, as a base for {@link #edit}. */
    public static ScheduleDocument create(String name, Cron cron, ZoneId zone, ObjectNode target,
            ScheduleOptions options, Instant now) {
        ObjectNode json = NODES.objectNode();
        json.put("name", name).put("status", (options.paused() ? Status.PAUSED : Status.ACTIVE).name())
                .put("cron", cron.text()).put("zone", zone.getId());
        json.set("target", target);
        json.put("catchUp", options.misfire().catchUp()).put("misfireAfterMillis", options.misfireAfter().toMillis())
                .put("overlap", options.overlap().name()).put("jitterMillis", options.jitter().toMillis());
        put(json, "startAt", options.startAt());
        put(json, "endAt", options.endAt());
        json.put("beginsPaused", options.paused()).put("createdAt", now.toEpochMilli());
        json.putArray("open");
        json.putObject("counts").put("fired", 0).put("missed", 0).put("skipped", 0).put("refused", 0);
        json.putArray("history");
        json.putArray("writes");
        return new ScheduleDocument(json);
    }

    private static void put(ObjectNode json, String field, @Nullable Instant time) {
        if (time == null) {
            json.remove(field);
        } else {
            json.put(field, time.toEpochMilli());
        }
    }

    /** Its name. */
    public String name() {
        return json.path("name").asString("");
    }

    /** Where it stands. */
    public Status status() {
        return Status.valueOf(json.path("status").asString(""));
    }

    /** Its expression. */
    public Cron cron() {
        return cron;
    }

    /** Its zone. */
    public ZoneId zone() {
        return zone;
    }

    /** Its fire times. */
    public FireTimes times() {
        return new FireTimes(CronReader.read(cron.text()), zone);
    }

    /** What it starts; not to be changed. */
    public JsonNode target() {
        return json.path("target");
    }

    /** How it fires. */
    public ScheduleOptions options() {
        return ScheduleOptions.ofDefaults().withMisfire(new MisfirePolicy(json.path("catchUp").asInt(1)))
                .withMisfireAfter(Duration.ofMillis(json.path("misfireAfterMillis").asLong(60_000)))
                .withOverlap(OverlapPolicy.valueOf(json.path("overlap").asString("ALLOW")))
                .withJitter(Duration.ofMillis(json.path("jitterMillis").asLong(0))).withStartAt(time("startAt"))
                .withEndAt(time("endAt")).withPaused(json.path("beginsPaused").asBoolean(false));
    }

    private @Nullable Instant time(String field) {
        return time(json, field);
    }

    private static @Nullable Instant time(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isIntegralNumber() ? Instant.ofEpochMilli(value.asLong()) : null;
    }

    /** When it was created. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(json.path("createdAt").asLong(0));
    }

    /** The fire time that is decided on next, or null if there is none any more. */
    public @Nullable Instant nextAt() {
        return time("nextAt");
    }

    /** Fire times before this are no longer missed ones: it is decided that they are fired. Null if there are none. */
    public @Nullable Instant lateUntil() {
        return time("lateUntil");
    }

    /** A fire time that waits for the end of what runs, or null. */
    public @Nullable Instant bufferedAt() {
        return time("bufferedAt");
    }

    /** The fire time that was fired last, or null. */
    public @Nullable Instant lastAt() {
        return time(json.path("last"), "at");
    }

    /** What was started last, or null. */
    public @Nullable String lastId() {
        return json.path("last").path("id").isString() ? json.path("last").path("id").asString() : null;
    }

    /** The firings that are decided and may not have been carried out, in order. */
    public List<Open> open() {
        var all = new ArrayList<Open>();
        json.path("open").forEach(one -> all.add(new Open(Instant.ofEpochMilli(one.path("at").asLong(0)),
                one.path("id").asString(""), text(one, "cancels"))));
        return all;
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).isString() ? node.path(field).asString() : null;
    }

    /** How many fire times came to this: {@code fired}, {@code missed}, {@code skipped}, {@code refused}. */
    public long count(String what) {
        return json.path("counts").path(what).asLong(0);
    }

    /** The last events, oldest first. */
    public List<ScheduleEvent> history() {
        var all = new ArrayList<ScheduleEvent>();
        json.path("history").forEach(line -> all.add(new ScheduleEvent(
                Instant.ofEpochMilli(line.path("at").asLong(0)), line.path("event").asString(""),
                time(line, "fireTime"), line.path("count").asLong(1), text(line, "id"), text(line, "cause"))));
        return all;
    }

    /** Whether another has the same expression, zone, target and options. */
    public boolean isSameAs(ScheduleDocument other) {
        return cron.equals(other.cron) && zone.equals(other.zone) && target().equals(other.target())
                && options().equals(other.options());
    }

    /** A new one's first version: what becomes the object. */
    public Edit created(Instant next, Instant now, @Nullable ScheduleDocument before) {
        Edit edit = edit().time("nextAt", next).event(now, "created", null, 1, null, null);
        return before == null ? edit : edit.writesOf(before);
    }

    /** A pause; null if it is paused. */
    public @Nullable Edit paused(Instant now) {
        return status() == Status.PAUSED
                ? null
                : edit().status(Status.PAUSED).event(now, "paused", null, 1, null, null);
    }

    /** A resumption from the first fire time after now on; null if it is not paused. */
    public @Nullable Edit resumed(Instant now) {
        if (status() != Status.PAUSED) {
            return null;
        }
        Instant next = nextAt();
        if (next != null && next.isBefore(now)) {
            next = times().after(now);
            Instant end = options().endAt();
            next = next == null || (end != null && !next.isBefore(end)) ? null : next;
        }
        return edit().status(Status.ACTIVE).time("nextAt", next).time("lateUntil", null)
                .event(now, "resumed", null, 1, null, null);
    }

    /** A change. */
    public Edit edit() {
        return new Edit(json.deepCopy());
    }

    /** Collects the changes of one write. Not safe for use by several threads. */
    public static final class Edit {
        private final ObjectNode json;

        private Edit(ObjectNode json) {
            this.json = json;
        }

        Edit status(Status status) {
            json.put("status", status.name());
            return this;
        }

        Edit time(String field, @Nullable Instant time) {
            put(json, field, time);
            return this;
        }

        Edit last(Instant at, String id) {
            json.putObject("last").put("at", at.toEpochMilli()).put("id", id);
            return this;
        }

        Edit open(List<Open> open) {
            ArrayNode all = json.putArray("open");
            for (Open one : open) {
                ObjectNode entry = all.addObject().put("at", one.at().toEpochMilli()).put("id", one.id());
                if (one.cancels() != null) {
                    entry.put("cancels", one.cancels());
                }
            }
            return this;
        }

        Edit count(String what, long more) {
            ObjectNode counts = json.path("counts") instanceof ObjectNode there ? there : json.putObject("counts");
            counts.put(what, counts.path(what).asLong(0) + more);
            return this;
        }

        Edit event(Instant now, String event, @Nullable Instant fireTime, long count, @Nullable String id,
                @Nullable String cause) {
            ArrayNode lines = json.path("history") instanceof ArrayNode there ? there : json.putArray("history");
            ObjectNode line = lines.addObject().put("at", now.toEpochMilli()).put("event", event);
            put(line, "fireTime", fireTime);
            if (count != 1) {
                line.put("count", count);
            }
            if (id != null) {
                line.put("id", id);
            }
            if (cause != null) {
                line.put("cause", cause);
            }
            while (lines.size() > HISTORY) {
                lines.remove(0);
            }
            return this;
        }

        /** A stub: all but the name, the last firing and the writes goes. */
        public Edit bury(Instant now) {
            status(Status.DELETED);
            for (String field : List.of("target", "nextAt", "lateUntil", "bufferedAt", "startAt", "endAt")) {
                json.remove(field);
            }
            json.put("deletedAt", now.toEpochMilli());
            json.putArray("open");
            json.putArray("history");
            return this;
        }

        /** What is kept of the writes before, for their writers to recognise them. */
        Edit writesOf(ScheduleDocument before) {
            json.set("writes", before.json.path("writes").deepCopy());
            return this;
        }

        ScheduleDocument build(String writeId) {
            ArrayNode writes = json.path("writes") instanceof ArrayNode there ? there : json.putArray("writes");
            writes.add(writeId);
            while (writes.size() > WRITES) {
                writes.remove(0);
            }
            return new ScheduleDocument(json);
        }
    }

    /** The bytes to store. */
    public byte[] bytes(JsonMapper mapper) {
        return mapper.writeValueAsBytes(json);
    }
}
