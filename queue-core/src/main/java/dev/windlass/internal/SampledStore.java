package dev.windlass.internal;

import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import org.jspecify.annotations.Nullable;

/**
 * Lets the {@link StoreClock} learn from every answer.
 *
 * @param answers turns with every answer
 */
record SampledStore(ObjectStore store, StoreClock clock, Pulse answers) implements ObjectStore {

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
        GetResult result = store.get(key);
        answers.turn();
        clock.sample(result.storeTime());
        return result;
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        PutResult result = store.put(key, body, precondition);
        switch (result) {
            case PutResult.Applied applied -> {
                answers.turn();
                clock.sample(applied.storeTime());
            }
            case PutResult.Conflict conflict -> {
                answers.turn();
                clock.sample(conflict.storeTime());
            }
            case PutResult.Unknown unknown -> {
                // no answer
            }
        }
        return result;
    }

    @Override
    public void delete(String key) {
        store.delete(key);
        answers.turn();
    }

    @Override
    public boolean delete(String key, String etag) {
        boolean deleted = store.delete(key, etag);
        answers.turn();
        return deleted;
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        ListPage page = store.list(prefix, startAfter, limit);
        answers.turn();
        clock.sample(page.storeTime());
        return page;
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        NamesPage page = store.listNames(prefix, startAfter, limit);
        answers.turn();
        clock.sample(page.storeTime());
        return page;
    }

    @Override
    public void close() {
        store.close();
    }
}
