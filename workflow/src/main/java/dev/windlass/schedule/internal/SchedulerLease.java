package dev.windlass.schedule.internal;

import java.time.Duration;
import java.time.Instant;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.Written;
import dev.windlass.schedule.SchedulerOptions;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code scheduler/lease.json} (docs/protocol.md, "The lease of the scheduler"): who fires. It spares work and nothing else:
 * two that hold it at once decide and start the same. Its age is by the store's clock. For one thread.
 */
final class SchedulerLease {
    static final String KEY = "scheduler/lease.json";

    private final EngineAccess engine;
    private final String holder;
    private final SchedulerOptions options;
    private @Nullable StoredObject mine;
    private long renewed;

    SchedulerLease(EngineAccess engine, String holder, SchedulerOptions options) {
        this.engine = engine;
        this.holder = holder;
        this.options = options;
    }

    /** Whether it is held, as far as is known without a request. */
    boolean isHeld() {
        return mine != null && engine.environment().nanoTime() - renewed < options.lease().toNanos();
    }

    /** Renews it, or takes it if nobody holds it. One put if it is held or taken, one get if another holds it. */
    boolean look() {
        StoredObject held = mine;
        if (held != null) {
            return write(held, holder);
        }
        StoredObject standing = engine.documents().read(KEY);
        if (standing == null || isFree(standing)) {
            return write(standing, holder);
        }
        return false;
    }

    private boolean isFree(StoredObject standing) {
        JsonNode json;
        try {
            json = engine.json().readTree(standing.body());
        } catch (JacksonException e) {
            return true; // nothing that anyone holds by
        }
        if (json.path("holder").asString("").isEmpty()) {
            return true;
        }
        Duration age = Duration.between(standing.lastModified(), engine.storeTime());
        return age.toMillis() > json.path("ttlMillis").asLong(0);
    }

    private boolean write(@Nullable StoredObject base, String whose) {
        engine.ensureInitialised();
        String writeId = engine.newWriteId();
        Instant now = engine.storeTime();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("holder", whose)
                .put("ttlMillis", options.lease().toMillis()).put("at", now.toEpochMilli()).put("writeId", writeId);
        byte[] body = engine.json().writeValueAsBytes(json);
        long start = engine.environment().nanoTime();
        Written written = base == null
                ? engine.documents().create(KEY, body, writeId)
                : engine.documents().replace(base, body, writeId);
        mine = written instanceof Written.Won won ? won.current() : null;
        renewed = start;
        return mine != null;
    }

    /** Gives it up, so that another takes it at its next look. One put if it is held. */
    void release() {
        StoredObject held = mine;
        if (held != null) {
            write(held, "");
            mine = null;
        }
    }
}
