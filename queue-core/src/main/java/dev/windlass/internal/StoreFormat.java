package dev.windlass.internal;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.Written;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoredObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code meta/store.json}: format version, shard width, id of the store. Read when a connection is opened; written once,
 * at the first write of anything, or by {@link #initialise}.
 */
public final class StoreFormat {
    /** The format that this version reads and writes. */
    public static final int VERSION = 1;
    /** The width of the shard, in hexadecimal digits, unless one is asked for. */
    public static final int DEFAULT_SHARD_WIDTH = 2;

    private final Documents documents;
    private final Environment environment;
    private final String location;
    private final Monitor monitor;
    private volatile int shardWidth;
    private volatile boolean written;

    StoreFormat(Documents documents, Environment environment, String location) {
        this.documents = documents;
        this.environment = environment;
        this.location = location;
        this.monitor = environment.newMonitor();
        this.shardWidth = DEFAULT_SHARD_WIDTH;
        StoredObject object = documents.read(Keys.STORE);
        if (object != null) {
            adopt(object);
        }
    }

    /** The width of the shard. While nobody has initialised the store, it is looked up again: another width may come. */
    int shardWidth() {
        if (!written) {
            StoredObject object = documents.read(Keys.STORE);
            if (object != null) {
                adopt(object);
            }
        }
        return shardWidth;
    }

    /** Makes sure that the format is written down before anything else is. */
    void ensureWritten() {
        if (!written) {
            initialise(shardWidth);
        }
    }

    /**
     * Writes the format down, if nobody has.
     *
     * @param width hexadecimal digits of the shard, 1 to 4
     * @return whether this call wrote it
     */
    public boolean initialise(int width) {
        if (width < 1 || width > 4) {
            throw new InvalidInputException("The shard width is " + width + ". Use 1 to 4 hexadecimal digits.");
        }
        String writeId = Keys.newWriteId(environment.random());
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", VERSION);
        json.put("shardWidth", width);
        json.put("storeId", Keys.newTaskId(environment.wallTime(), environment.random()));
        json.put("writeId", writeId);
        switch (documents.create(Keys.STORE, Json.bytes(json), writeId)) {
            case Written.Won won -> {
                adopt(won.current());
                return true;
            }
            case Written.Lost lost -> {
                StoredObject current = lost.current();
                if (current == null) {
                    throw new StoreRefusedException("The store at " + location + " says that " + Keys.STORE
                            + " exists, and that it does not. Check that nothing deletes objects there.");
                }
                adopt(current);
                return false;
            }
        }
    }

    private void adopt(StoredObject object) {
        ObjectNode json = Json.object(object.body());
        if (json == null || !json.path("format").isIntegralNumber() || !json.path("shardWidth").isIntegralNumber()) {
            throw new StoreRefusedException("The object " + Keys.STORE + " at " + location
                    + " is not Windlass's: this place seems to be something else's. Choose another directory or prefix.");
        }
        int format = json.path("format").asInt();
        if (format > VERSION) {
            throw new StoreRefusedException("The store at " + location + " has format " + format
                    + ", and this version of Windlass knows formats up to " + VERSION
                    + ". Use a newer version. Nothing was written.");
        }
        int width = json.path("shardWidth").asInt();
        if (width < 1 || width > 4) {
            throw new StoreRefusedException("The store at " + location + " has shard width " + width
                    + ", which no version of Windlass writes. Its " + Keys.STORE + " is damaged.");
        }
        monitor.lock();
        try {
            shardWidth = width;
            written = true;
        } finally {
            monitor.unlock();
        }
    }
}
