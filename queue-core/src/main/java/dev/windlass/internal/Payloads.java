package dev.windlass.internal;

import java.util.Base64;

import dev.windlass.InvalidInputException;
import dev.windlass.PayloadUnreadableException;
import dev.windlass.WindlassException;
import dev.windlass.queue.PayloadCodec;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.spi.Documents;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code payloads/{taskId}/{name}.{hash}}: inputs and results over the inline limit. The name holds a hash of the content:
 * a late writer that lost can never replace the winner's. Written before the object that refers to it.
 */
final class Payloads {
    /** Above this, a payload stands beside its task. */
    static final int INLINE = 256 * 1024;
    /** Above this, a payload is refused. */
    static final int LARGEST = 64 * 1024 * 1024;

    private final Documents documents;
    private final Codecs codecs;

    Payloads(Documents documents, Codecs codecs) {
        this.documents = documents;
        this.codecs = codecs;
    }

    /** How values are encoded. */
    Codecs codecs() {
        return codecs;
    }

    /** Which value of a task. */
    static PayloadCodec.Payload of(TaskDocument task, String part) {
        return new PayloadCodec.Payload(task.id(), task.queue(), task.type(), part);
    }

    /**
     * A task's input, wherever it stands and however it is encoded; null if it has none. One get if it stands beside it.
     *
     * @throws dev.windlass.PayloadUnreadableException if it cannot be decoded
     */
    @Nullable
    JsonNode input(TaskDocument task) {
        return value(of(task, "input"), task.input(), task.inputRef(), task.inputCodec());
    }

    /** Its result, in the same way. */
    @Nullable
    JsonNode output(TaskDocument task) {
        return value(of(task, "output"), task.output(), task.outputRef(), task.outputCodec());
    }

    private @Nullable JsonNode value(PayloadCodec.Payload of, @Nullable JsonNode tree, @Nullable String reference,
            @Nullable String codec) {
        if (codec == null) {
            return tree == null && reference != null ? Json.MAPPER.readTree(get(reference)) : tree;
        }
        if (tree == null && reference == null) {
            return null;
        }
        return codecs.decode(of, codec, reference != null ? get(reference) : bytes(of, tree));
    }

    private static byte[] bytes(PayloadCodec.Payload of, @Nullable JsonNode tree) {
        try {
            return Base64.getDecoder().decode(tree == null ? "" : tree.asString(""));
        } catch (IllegalArgumentException e) {
            throw new PayloadUnreadableException(of.taskId(), "The " + of.part() + " of task " + of.taskId()
                    + " is no base 64, though it says that it is encoded. Something else has written it.", e);
        }
    }

    /** A task as users see it: with what stands in its body decoded, where that is possible. No request. */
    TaskInfo info(TaskDocument task) {
        return task.info(inline(of(task, "input"), task.input(), task.inputCodec()),
                inline(of(task, "output"), task.output(), task.outputCodec()));
    }

    private @Nullable JsonNode inline(PayloadCodec.Payload of, @Nullable JsonNode tree, @Nullable String codec) {
        if (codec == null || tree == null) {
            return tree;
        }
        try {
            return value(of, tree, null, codec);
        } catch (PayloadUnreadableException e) {
            return null;
        }
    }

    static void check(String what, byte[] content) {
        if (content.length > LARGEST) {
            throw new InvalidInputException(what + " has " + content.length + " bytes as JSON; at most " + LARGEST
                    + " (64 MiB) are allowed. Store it elsewhere and pass a reference.");
        }
    }

    String put(String taskId, String name, byte[] content) {
        check("The payload " + name + " of task " + taskId, content);
        String key = Keys.payload(taskId, name, content);
        documents.put(key, content);
        return key;
    }

    byte[] get(String key) {
        StoredObject object = documents.read(key);
        if (object == null) {
            throw new WindlassException("The payload " + key
                    + " is missing, though a task refers to it. Something deletes objects in this store: check its lifecycle rules.");
        }
        return object.body();
    }
}
