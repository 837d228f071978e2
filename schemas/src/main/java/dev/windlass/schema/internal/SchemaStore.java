package dev.windlass.schema.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.schema.TaskSchema;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@code schemas/{type}.json}; nothing else does (docs/protocol.md). Safe for use by any number of threads. */
public final class SchemaStore {
    private static final String PREFIX = "schemas/";
    private static final String SUFFIX = ".json";
    private static final int REMEMBERED = 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final EngineAccess engine;

    public SchemaStore(EngineAccess engine) {
        this.engine = engine;
    }

    private String key(String type) {
        return PREFIX + engine.keySegment("name of the task type", type) + SUFFIX;
    }

    /** What is published for a type; null if nothing is, or not any more. One get. */
    public @Nullable TaskSchema read(String type) {
        StoredObject object = engine.documents().read(key(type));
        return object == null ? null : schema(parse(object));
    }

    private static ObjectNode parse(StoredObject object) {
        try {
            if (MAPPER.readTree(object.body()) instanceof ObjectNode json && json.path("type").isString()
                    && json.path("version").isIntegralNumber()) {
                return json;
            }
        } catch (JacksonException e) {
            throw unreadable(object, e);
        }
        throw unreadable(object, null);
    }

    private static WindlassException unreadable(StoredObject object, @Nullable Throwable cause) {
        return new WindlassException("The object " + object.key() + " is no schema that this version can read."
                + " Something else has written it: delete it, and publish the schema anew.", cause);
    }

    private static @Nullable TaskSchema schema(ObjectNode json) {
        if (json.path("deleted").asBoolean(false)) {
            return null;
        }
        return new TaskSchema(json.path("type").asString(), text(json.get("input")), text(json.get("output")),
                json.path("version").asLong(), Instant.ofEpochMilli(json.path("publishedAt").asLong(0)),
                json.path("by").isString() ? json.path("by").asString() : null);
    }

    private static @Nullable String text(@Nullable JsonNode schema) {
        return schema == null ? null : Dialect.write(schema);
    }

    /** Publishes, unless the same stands there already. One get, and one put. */
    public TaskSchema publish(String type, @Nullable JsonNode input, @Nullable JsonNode output, @Nullable String by) {
        String key = key(type);
        engine.ensureInitialised();
        StoredObject object = engine.documents().read(key);
        while (true) {
            ObjectNode before = object == null ? null : parse(object);
            TaskSchema there = before == null ? null : schema(before);
            if (before != null && there != null && isSame(before, input, output)) {
                return there;
            }
            ObjectNode json = next(type, before);
            if (input != null) {
                json.set("input", input);
            }
            if (output != null) {
                json.set("output", output);
            }
            if (by != null) {
                json.put("by", by);
            }
            switch (write(key, object, json)) {
                case Written.Won won -> {
                    TaskSchema published = schema(parse(won.current()));
                    if (published != null) {
                        return published;
                    }
                    throw new WindlassException("The schema of type \"" + type
                            + "\" was published, and deleted by somebody else at once.");
                }
                case Written.Lost lost -> object = lost.current();
            }
        }
    }

    private static boolean isSame(ObjectNode before, @Nullable JsonNode input, @Nullable JsonNode output) {
        JsonNode missing = MAPPER.missingNode();
        return before.path("input").equals(input == null ? missing : reread(input))
                && before.path("output").equals(output == null ? missing : reread(output));
    }

    /** As it is when it comes from the store: numbers compare equal then. */
    private static JsonNode reread(JsonNode json) {
        return MAPPER.readTree(Dialect.bytes(json));
    }

    private ObjectNode next(String type, @Nullable ObjectNode before) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", type)
                .put("version", before == null ? 1 : before.path("version").asLong() + 1)
                .put("publishedAt", engine.storeTime().toEpochMilli());
        if (before != null) {
            // So that a write is recognised whose answer was lost, and over which others have written.
            ArrayNode earlier = json.putArray("earlier");
            JsonNode known = before.path("earlier");
            for (int i = Math.max(0, known.size() - REMEMBERED + 1); i < known.size(); i++) {
                earlier.add(known.get(i));
            }
            earlier.add(before.path("writeId").asString(""));
        }
        return json;
    }

    private Written write(String key, @Nullable StoredObject before, ObjectNode json) {
        String writeId = engine.newWriteId();
        json.put("writeId", writeId);
        return before == null
                ? engine.documents().create(key, Dialect.bytes(json), writeId)
                : engine.documents().replace(before, Dialect.bytes(json), writeId);
    }

    /** Marks it as deleted: a late delete could take the next one away. One get and one put; false if there was none. */
    public boolean delete(String type) {
        String key = key(type);
        StoredObject object = engine.documents().read(key);
        while (object != null) {
            ObjectNode before = parse(object);
            if (schema(before) == null) {
                return false;
            }
            switch (write(key, object, next(type, before).put("deleted", true))) {
                case Written.Won won -> {
                    return true;
                }
                case Written.Lost lost -> object = lost.current();
            }
        }
        return false;
    }

    /** All that are published, by type. One list per thousand, and one get for each. */
    public List<TaskSchema> list() {
        var all = new ArrayList<TaskSchema>();
        for (String key : engine.documents().keys(PREFIX)) {
            StoredObject object = engine.documents().read(key);
            TaskSchema schema = object == null ? null : schema(parse(object));
            if (schema != null) {
                all.add(schema);
            }
        }
        return all;
    }

    /** What one has to say who publishes. */
    public static void require(String type, @Nullable String input, @Nullable String output) {
        if (input == null && output == null) {
            throw new InvalidInputException("Neither a schema of the inputs nor one of the results of type \"" + type
                    + "\" is given. Give one or both.");
        }
    }
}
