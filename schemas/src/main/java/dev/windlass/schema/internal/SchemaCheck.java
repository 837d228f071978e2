package dev.windlass.schema.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.PayloadCheck;
import dev.windlass.schema.SchemaViolation;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.schema.TaskSchema;
import dev.windlass.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Checks values by the schemas that are published, each of which is read anew now and then. */
public final class SchemaCheck implements PayloadCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaCheck.class);
    /** Names of types come from users; no more are remembered. */
    private static final int MOST = 10_000;

    private final EngineAccess engine;
    private final SchemaStore store;
    private final long refreshNanos;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    /** Made with the first schema: most processes have none. */
    private volatile @Nullable Dialect dialect;

    public SchemaCheck(EngineAccess engine, Duration refresh) {
        this.engine = engine;
        this.store = new SchemaStore(engine);
        this.refreshNanos = refresh.toNanos();
    }

    /** What was read of a type. */
    private record Known(long version, Dialect.@Nullable Compiled input, Dialect.@Nullable Compiled output,
            long readAt) {}

    @Override
    public void input(String type, JsonNode input) {
        Known schema = schema(type);
        check("The input of a task of type \"" + type + "\" does not fit its schema, version " + schema.version(),
                schema.input(), input, "Nothing was written.");
    }

    @Override
    public void output(String type, JsonNode output) {
        Known schema = schema(type);
        check("The result of a task of type \"" + type + "\" does not fit its schema, version " + schema.version(),
                schema.output(), output, "It was not stored.");
    }

    private static void check(String what, Dialect.@Nullable Compiled schema, JsonNode value, String end) {
        List<SchemaViolation> violations = schema == null ? List.of() : schema.violations(value);
        if (!violations.isEmpty()) {
            throw new SchemaViolationException(what + ": " + Dialect.text(violations) + ". " + end, violations);
        }
    }

    private Known schema(String type) {
        long now = engine.environment().nanoTime();
        Known before = known.get(type);
        if (before != null && now - before.readAt() < refreshNanos) {
            return before;
        }
        Known fresh;
        try {
            fresh = read(type, now, before);
        } catch (StoreException e) {
            if (before == null) {
                throw e;
            }
            LOG.warn("the schema of type \"{}\" cannot be read anew; version {} goes on to count: {}", type,
                    before.version(), e.getMessage());
            fresh = new Known(before.version(), before.input(), before.output(), now);
        }
        if (known.size() < MOST || known.containsKey(type)) {
            known.put(type, fresh);
        }
        return fresh;
    }

    private Known read(String type, long now, @Nullable Known before) {
        TaskSchema schema = store.read(type);
        if (schema == null) {
            return new Known(0, null, null, now);
        }
        if (before != null && before.version() == schema.version()) {
            return new Known(before.version(), before.input(), before.output(), now);
        }
        return new Known(schema.version(), compiled("inputs", type, schema.input()),
                compiled("results", type, schema.output()), now);
    }

    private Dialect.@Nullable Compiled compiled(String of, String type, @Nullable String schema) {
        String what = "The schema of the " + of + " of type \"" + type + '"';
        if (schema == null) {
            return null;
        }
        Dialect made = dialect;
        if (made == null) {
            made = new Dialect();
            dialect = made;
        }
        return made.compile(what, Dialect.read(what, schema));
    }
}
