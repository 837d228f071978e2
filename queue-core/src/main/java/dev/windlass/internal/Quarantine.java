package dev.windlass.internal;

import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.WindlassException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tasks whose bodies nobody can read: an entry below {@code dead/}, a log line, a count; never a crash, never a block. */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final int SHOWN = 200;

    private final Core core;
    private final AtomicLong count = new AtomicLong();

    Quarantine(Core core) {
        this.core = core;
    }

    long count() {
        return count.get();
    }

    void add(ReadyKey key, String queue, TaskVersion version) {
        count.incrementAndGet();
        core.observers().poisonMet(queue, key.taskId());
        byte[] body = version.object().body();
        LOG.error(
                "task {}: its object {} ({} bytes) is no task that this version can read; it is left alone, and listed"
                        + " below dead/",
                key.taskId(), version.object().key(), body.length);
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("id", key.taskId());
        entry.put("error", "poison body");
        entry.put("readyKey", key.key());
        entry.put("begins", new String(body, 0, Math.min(SHOWN, body.length), java.nio.charset.StandardCharsets.UTF_8));
        try {
            // The key's own time: every worker that meets it writes the same entry.
            core.documents().put(Keys.poison(queue, key.due(), key.taskId()), Json.bytes(entry));
        } catch (WindlassException e) {
            LOG.warn("task {}: its entry below dead/ could not be written: {}", key.taskId(), e.getMessage());
        }
    }
}
