package dev.windlass.internal;

import java.util.Map;
import java.util.TreeMap;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.TaskHandler;
import dev.windlass.queue.TaskType;
import dev.windlass.queue.spi.EngineHandler;
import org.jspecify.annotations.Nullable;

/** What a worker can do, by the name of the type. */
final class Handlers {

    /** A way to run tasks of one type. */
    sealed interface Entry {
        /** An application's handler. */
        record Typed(TaskType<?, ?> type, TaskHandler<Object, @Nullable Object> handler) implements Entry {}

        /** An engine's handler. */
        record Engine(EngineHandler handler) implements Entry {}
    }

    private final Map<String, Entry> byType = new TreeMap<>();

    void add(String type, Entry entry) {
        Keys.segment("name of the task type", type);
        if (byType.putIfAbsent(type, entry) != null) {
            throw new InvalidInputException(
                    "The worker has two handlers for tasks of type \"" + type + "\". Give it one per type.");
        }
    }

    boolean isEmpty() {
        return byType.isEmpty();
    }

    @Nullable
    Entry get(String type) {
        return byType.get(type);
    }

    Iterable<String> types() {
        return byType.keySet();
    }

    /** Whether a task can be run here. */
    boolean accept(TaskDocument document) {
        return switch (byType.get(document.type())) {
            case null -> false;
            case Entry.Typed typed -> !document.isEngine();
            case Entry.Engine engine -> {
                var input = document.input();
                yield document.isEngine() && input != null && engine.handler().accepts(document.type(), input);
            }
        };
    }
}
