package dev.windlass.internal;

import dev.windlass.InvalidInputException;
import dev.windlass.WindlassException;
import dev.windlass.queue.spi.Documents;
import dev.windlass.store.StoredObject;

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

    Payloads(Documents documents) {
        this.documents = documents;
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
