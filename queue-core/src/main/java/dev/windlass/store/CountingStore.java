package dev.windlass.store;

import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/** Counts the requests to a store by kind. Safe for use by any number of threads. */
public final class CountingStore implements ObjectStore {
    private final ObjectStore store;
    private final LongAdder puts = new LongAdder();
    private final LongAdder gets = new LongAdder();
    private final LongAdder lists = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder unknown = new LongAdder();

    /** @param store the store to count on; closed with this one */
    public CountingStore(ObjectStore store) {
        this.store = store;
    }

    /** The requests so far. */
    public RequestCounts counts() {
        return new RequestCounts(puts.sum(), gets.sum(), lists.sum(), deletes.sum(), conflicts.sum(), unknown.sum());
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public GetResult get(String key) {
        gets.increment();
        return store.get(key);
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        puts.increment();
        PutResult result = store.put(key, body, precondition);
        if (result instanceof PutResult.Conflict) {
            conflicts.increment();
        } else if (result instanceof PutResult.Unknown) {
            unknown.increment();
        }
        return result;
    }

    @Override
    public void delete(String key) {
        deletes.increment();
        store.delete(key);
    }

    @Override
    public boolean delete(String key, String etag) {
        deletes.increment();
        return store.delete(key, etag);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        lists.increment();
        return store.list(prefix, startAfter, limit);
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        lists.increment();
        return store.listNames(prefix, startAfter, limit);
    }

    /** The store's own; what asks for them is not counted. */
    @Override
    public StoreRules rules() {
        return store.rules();
    }

    @Override
    public void close() {
        store.close();
    }
}
