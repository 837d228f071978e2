package dev.windlass.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import dev.windlass.WindlassException;
import dev.windlass.chaos.ledger.Ledger;
import dev.windlass.environment.Environment;
import dev.windlass.store.ListPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStores;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads a store as it is, past the queue. Safe for use by any number of threads. */
public final class StoreReader implements AutoCloseable {
    private static final int PAGE = 1000;
    private static final int AT_ONCE = 16;

    private final ObjectStore store;

    /**
     * Opens a store.
     *
     * @param uri where it is, without a proxy in between
     */
    public StoreReader(String uri) {
        this.store = ObjectStores.open(uri, new StoreSettings(Environment.system(), 2 * AT_ONCE, Map.of()));
    }

    /** How early the store's time may be. */
    public long uncertaintyMillis() {
        return store.capabilities().timeUncertainty().toMillis();
    }

    /** All keys below a prefix. */
    public List<ListPage.Entry> list(String prefix) {
        var entries = new ArrayList<ListPage.Entry>();
        String after = null;
        while (true) {
            ListPage page = store.list(prefix, after, PAGE);
            entries.addAll(page.entries());
            if (!page.more() || page.entries().isEmpty()) {
                return entries;
            }
            after = page.entries().getLast().key();
        }
    }

    /** One object as JSON; a text node if it is none; null if it is not there. */
    public @Nullable JsonNode read(String key) {
        StoredObject object = store.get(key).object();
        if (object == null) {
            return null;
        }
        try {
            return Ledger.JSON.readTree(object.body());
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.stringNode("no JSON: " + e.getMessage());
        }
    }

    /** Several objects by key, several at once; those that are not there are left out. */
    public Map<String, JsonNode> readAll(List<String> keys) throws InterruptedException {
        var found = new ConcurrentSkipListMap<String, JsonNode>();
        var failure = new AtomicReference<@Nullable WindlassException>();
        var slots = new Semaphore(AT_ONCE);
        for (String key : keys) {
            slots.acquire();
            Thread.ofVirtual().start(() -> {
                try {
                    JsonNode json = read(key);
                    if (json != null) {
                        found.put(key, json);
                    }
                } catch (WindlassException e) {
                    failure.set(e);
                } finally {
                    slots.release();
                }
            });
        }
        slots.acquire(AT_ONCE);
        WindlassException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return new TreeMap<>(found);
    }

    /** All objects below a prefix. */
    public Map<String, JsonNode> readAll(String prefix) throws InterruptedException {
        return readAll(list(prefix).stream().map(ListPage.Entry::key).toList());
    }

    @Override
    public void close() {
        store.close();
    }
}
