package dev.windlass.internal;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.windlass.environment.Environment;
import dev.windlass.observer.RequestKind;
import dev.windlass.observer.RequestOutcome;
import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** Tells observers of every request: its kind, what came of it, how long it took, how many bytes went where. */
record ObservedStore(ObjectStore store, Environment environment, Observers observers) implements ObjectStore {

    /** What the answer to a request says. */
    private record Answer(RequestOutcome outcome, long bytesIn) {
        static final Answer APPLIED = new Answer(RequestOutcome.APPLIED, 0);
        static final Answer FOUND = new Answer(RequestOutcome.FOUND, 0);
        static final Answer NOT_FOUND = new Answer(RequestOutcome.NOT_FOUND, 0);
        static final Answer CONFLICT = new Answer(RequestOutcome.CONFLICT, 0);
        static final Answer UNKNOWN = new Answer(RequestOutcome.UNKNOWN, 0);
    }

    private <T> T observe(RequestKind kind, long bytesOut, Supplier<T> request, Function<T, Answer> read) {
        long begin = environment.nanoTime();
        T result;
        try {
            result = request.get();
        } catch (StoreUnavailableException e) {
            tell(kind, RequestOutcome.UNAVAILABLE, begin, bytesOut, 0);
            throw e;
        } catch (StoreRefusedException e) {
            tell(kind, RequestOutcome.REFUSED, begin, bytesOut, 0);
            throw e;
        } catch (RuntimeException e) {
            tell(kind, RequestOutcome.ERROR, begin, bytesOut, 0);
            throw e;
        }
        Answer answer = read.apply(result);
        tell(kind, answer.outcome(), begin, bytesOut, answer.bytesIn());
        return result;
    }

    private void tell(RequestKind kind, RequestOutcome outcome, long begin, long bytesOut, long bytesIn) {
        observers.requestEnded(kind, outcome, Duration.ofNanos(environment.nanoTime() - begin), bytesOut, bytesIn);
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
        return observe(RequestKind.GET, 0, () -> store.get(key), result -> {
            StoredObject object = result.object();
            return object == null ? Answer.NOT_FOUND : new Answer(RequestOutcome.FOUND, object.body().length);
        });
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        return observe(RequestKind.PUT, body.length, () -> store.put(key, body, precondition),
                result -> switch (result) {
                    case PutResult.Applied applied -> Answer.APPLIED;
                    case PutResult.Conflict conflict -> Answer.CONFLICT;
                    case PutResult.Unknown unknown -> Answer.UNKNOWN;
                });
    }

    @Override
    public void delete(String key) {
        observe(RequestKind.DELETE, 0, () -> {
            store.delete(key);
            return true;
        }, done -> Answer.APPLIED);
    }

    @Override
    public boolean delete(String key, String etag) {
        return observe(RequestKind.DELETE, 0, () -> store.delete(key, etag),
                deleted -> deleted ? Answer.APPLIED : Answer.CONFLICT);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        return observe(RequestKind.LIST, 0, () -> store.list(prefix, startAfter, limit), page -> Answer.FOUND);
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        return observe(RequestKind.LIST, 0, () -> store.listNames(prefix, startAfter, limit), page -> Answer.FOUND);
    }

    @Override
    public void close() {
        store.close();
    }
}
