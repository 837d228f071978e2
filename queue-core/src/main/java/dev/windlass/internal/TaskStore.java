package dev.windlass.internal;

import dev.windlass.WindlassException;
import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** Reads and writes the objects of tasks, {@code tasks/{shard}/{taskId}.json}; nothing else does. */
final class TaskStore {
    private final Documents documents;
    private final StoreFormat format;

    TaskStore(Documents documents, StoreFormat format) {
        this.documents = documents;
        this.format = format;
    }

    /** How a conditional write of a task ended. */
    sealed interface Outcome {
        /** Landed; the version to go on with, which may descend from the one just written. */
        record Won(TaskVersion version, TaskDocument document) implements Outcome {}

        /** Never landed and never will; what stands there now, or null if nothing does. */
        record Lost(@Nullable TaskVersion current) implements Outcome {}
    }

    String key(String taskId) {
        return Keys.task(taskId, format.shardWidth());
    }

    /** The task as it stands, or null if there is none. */
    @Nullable
    TaskVersion read(String taskId) {
        StoredObject object = documents.read(key(taskId));
        return object == null ? null : version(object, taskId);
    }

    /** The task as it stands, or null if there is none or nobody can read it. */
    @Nullable
    TaskDocument readDocument(String taskId) {
        TaskVersion version = read(taskId);
        return version == null ? null : version.document();
    }

    Outcome create(TaskDocument document) {
        byte[] body = document.bytes();
        return outcome(documents.create(key(document.id()), body, document.writeId()), document, body);
    }

    Outcome replace(TaskVersion base, TaskDocument document) {
        byte[] body = document.bytes();
        return outcome(documents.replace(base.object(), body, document.writeId()), document, body);
    }

    @SuppressWarnings("ReferenceEquality") // the very array that was written needs no parsing
    private static Outcome outcome(Written written, TaskDocument document, byte[] body) {
        return switch (written) {
            case Written.Won won -> {
                StoredObject object = won.current();
                TaskVersion version = object.body() == body
                        ? new TaskVersion(object, document)
                        : version(object, document.id());
                TaskDocument current = version.document();
                if (current == null) {
                    throw new WindlassException("The object of task " + document.id()
                            + " was overwritten with something that is no task, right after a write of ours.");
                }
                yield new Outcome.Won(version, current);
            }
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                yield new Outcome.Lost(current == null ? null : version(current, document.id()));
            }
        };
    }

    private static TaskVersion version(StoredObject object, String taskId) {
        return new TaskVersion(object, TaskDocument.parse(object.body(), taskId));
    }
}
