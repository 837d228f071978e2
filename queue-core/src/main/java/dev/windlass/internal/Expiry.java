package dev.windlass.internal;

import java.time.Instant;

import dev.windlass.queue.spi.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends tasks that wait and may start no longer (docs/protocol.md, "Expiry"): whoever meets one does. */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

    private final Core core;

    Expiry(Core core) {
        this.core = core;
    }

    /** Ends it; false if it has changed since it was read. The caller has seen that it is expired. */
    boolean tryExpire(TaskVersion version, TaskDocument document) {
        Instant now = core.clock().now();
        TaskDocument expired = document.edit().state(TaskState.EXPIRED).set("readyKey", (String) null)
                .set("finishedAt", now).record(core.newWriteId(), now, "expired", null, null).build();
        if (!(core.tasks().replace(version, expired) instanceof TaskStore.Outcome.Won)) {
            return false;
        }
        String before = document.readyKey();
        if (before != null) {
            core.ready().removeSoon(before);
        }
        core.notices().ended(document.id());
        core.observers().expired(document.queue(), document.type());
        try (var context = LogContext.task(document.id(), document.queue())) {
            LOG.info("task {} has expired: it was to start before {}", document.id(), document.expiresAt());
        }
        return true;
    }
}
