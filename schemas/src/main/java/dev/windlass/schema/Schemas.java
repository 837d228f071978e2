package dev.windlass.schema;

import java.time.Duration;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.queue.spi.PayloadCheck;
import dev.windlass.schema.internal.Dialect;
import dev.windlass.schema.internal.SchemaCheck;
import dev.windlass.schema.internal.SchemaStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of a store: one pair for each type of tasks, for its inputs and for its results, in JSON Schema 2020-12. They
 * are checked by those connections that are told to:
 *
 * <pre>{@code
 * var windlass = Windlass.builder().check(Schemas.check()).connect("file:./data");
 * Schemas.on(windlass).publish("send-email", inputSchema, null, "ada");
 * }</pre>
 *
 * <p>Then an input that does not fit is refused at submission, when a schedule is created, too; and a task whose result does not
 * fit fails for good. Tasks that were submitted before are run as they are. A schema is read again half a minute after it was
 * last read: so long an older one may still count.
 *
 * <p>A reference in a schema leads to another part of it; nothing is fetched. {@code format} is a remark, as the standard has it, and
 * checks nothing; use {@code pattern}, which is a regular expression of Java.
 *
 * <p>Safe for use by any number of threads.
 */
public final class Schemas {
    private static final Duration REFRESH = Duration.ofSeconds(30);
    private static final int LONGEST_NAME = 200;

    private final SchemaStore store;

    /** Made when it is wanted first, which takes some milliseconds: most connections never look at a schema here. */
    private static final class Shared {
        static final Dialect DIALECT = new Dialect();

        private Shared() {
        }
    }

    private Schemas(SchemaStore store) {
        this.store = store;
    }

    /** Those of a store. No request. */
    public static Schemas on(Windlass windlass) {
        return new Schemas(new SchemaStore(windlass.engine()));
    }

    /**
     * Checks the inputs and results of a connection by the schemas of its store: for {@link Windlass.Builder#check}. One get for each
     * type, and again each half minute in which it is used.
     */
    public static PayloadCheck.Factory check() {
        return check(REFRESH);
    }

    /**
     * The same.
     *
     * @param refresh after which time a schema is read again, 0 or more
     */
    public static PayloadCheck.Factory check(Duration refresh) {
        if (refresh.isNegative()) {
            throw new InvalidInputException("Schemas are to be read again after " + refresh + ". Use 0 or more.");
        }
        return access -> new SchemaCheck(access, refresh);
    }

    /**
     * Publishes the schemas of a type, in place of those that it had. Durable on return. Safe to repeat: the same again changes
     * nothing. One get, and one put if they are new.
     *
     * @param type the name of the type
     * @param input the schema of its inputs as JSON, at most 256 KiB; null to accept any
     * @param output the schema of its results as JSON, at most 256 KiB; null to accept any, also none. No result is {@code null} to
     *            a schema
     * @param by who publishes, at most 200 characters, or null
     * @return what is published now
     * @throws InvalidInputException if one is no JSON Schema 2020-12, or both are null; nothing was written
     */
    public TaskSchema publish(String type, @Nullable String input, @Nullable String output, @Nullable String by) {
        SchemaStore.require(type, input, output);
        if (by != null && (by.isEmpty() || by.length() > LONGEST_NAME)) {
            throw new InvalidInputException(
                    "Who publishes has a name of " + by.length() + " characters. Use 1 to " + LONGEST_NAME + ".");
        }
        return store.publish(type, checked("inputs", type, input), checked("results", type, output), by);
    }

    private static @Nullable JsonNode checked(String of, String type, @Nullable String schema) {
        if (schema == null) {
            return null;
        }
        String what = "The schema of the " + of + " of type \"" + type + '"';
        JsonNode json = Dialect.read(what, schema);
        Shared.DIALECT.compile(what, json);
        return json;
    }

    /**
     * What is published for a type. One get.
     *
     * @return null if nothing is
     */
    public @Nullable TaskSchema get(String type) {
        return store.read(type);
    }

    /** All that are published, by the names of their types in percent-encoding. One list per thousand, and one get for each. */
    public List<TaskSchema> list() {
        return store.list();
    }

    /**
     * Takes back what is published for a type: any value will do from then on. Durable on return; safe to repeat. One get and one
     * put.
     *
     * @return false if nothing was published
     */
    public boolean delete(String type) {
        return store.delete(type);
    }

    /**
     * Checks a value by a schema, without a store.
     *
     * @param schema a JSON Schema 2020-12
     * @param value the value as JSON
     * @return where it does not fit; empty if it does
     * @throws InvalidInputException if the schema is none, or the value is no JSON
     */
    public static List<SchemaViolation> validate(String schema, String value) {
        return Shared.DIALECT.compile("The schema", Dialect.read("The schema", schema))
                .violations(Dialect.read("The value", value));
    }
}
