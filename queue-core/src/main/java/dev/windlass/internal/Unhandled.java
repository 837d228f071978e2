package dev.windlass.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks of a queue that this worker has no handler for: said once for each type, since such a task waits for ever if no
 * other worker has one either. What an engine leaves to others is no matter for a line.
 */
final class Unhandled {
    private static final Logger LOG = LoggerFactory.getLogger(Unhandled.class);
    private static final int TYPES_SAID = 100;

    private final String workerId;
    private final Handlers handlers;
    private final Map<String, Boolean> said = new ConcurrentHashMap<>();

    Unhandled(String workerId, Handlers handlers) {
        this.workerId = workerId;
        this.handlers = handlers;
    }

    void add(TaskDocument document) {
        if (!document.isEngine() && handlers.get(document.type()) == null && said.size() < TYPES_SAID
                && said.putIfAbsent(document.type(), true) == null) {
            LOG.warn(
                    "task {}: worker {} has no handler for tasks of type \"{}\" in queue \"{}\"; it leaves them to others,"
                            + " and says this once",
                    document.id(), workerId, document.type(), document.queue());
        } else if (!document.isEngine() && handlers.get(document.type()) != null && said.size() < TYPES_SAID
                && said.putIfAbsent("codec " + document.inputCodec(), true) == null) {
            LOG.warn(
                    "task {}: worker {} does not have the codec \"{}\", by which its input is encoded; it leaves such"
                            + " tasks to others, and says this once",
                    document.id(), workerId, document.inputCodec());
        }
    }
}
