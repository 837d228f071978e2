package dev.windlass.simulation;

import java.io.IOException;
import java.util.function.Supplier;

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

/** One process's way to the store: each call is one {@link Exchange}. */
final class StoreClient implements ObjectStore {
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_KEYS = 1_000;

    private final SimulatedStore store;
    private final Actor actor;

    StoreClient(SimulatedStore store, Actor actor) {
        this.store = store;
        this.actor = actor;
    }

    @Override
    public String location() {
        return "sim://" + actor.name();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities;
    }

    @Override
    public GetResult get(String key) {
        StoredObjects.requireGoodKey(key);
        return read(RequestKind.GET, key, "", () -> {
            StoredObject found = store.objects().get(key);
            store.read(actor, key);
            return new Landed(new GetResult(found, store.storeTime()), found == null ? "nothing" : found.etag(), null);
        }, GetResult.class);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        requireGoodPage(prefix, limit);
        return read(RequestKind.LIST, prefix, startAfter == null ? "" : " after " + startAfter, () -> {
            ListPage page = store.objects().list(prefix, startAfter, limit, store.storeTime());
            return new Landed(page, page.entries().size() + " keys" + (page.more() ? " and more" : ""), null);
        }, ListPage.class);
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        requireGoodPage(prefix, limit);
        return read(RequestKind.LIST, prefix, startAfter == null ? " names" : " names after " + startAfter, () -> {
            NamesPage page = store.objects().names(prefix, startAfter, limit, store.storeTime());
            return new Landed(page, page.names().size() + " names" + (page.more() ? " and more" : ""), null);
        }, NamesPage.class);
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        StoredObjects.requireGoodKey(key);
        if (body.length > MOST_BYTES) {
            throw new IllegalArgumentException("a body has at most 64 MiB, but that of " + key + " has " + body.length);
        }
        byte[] copy = body.clone();
        Exchange exchange = new Exchange(store, actor, RequestKind.PUT, key, describe(precondition), () -> {
            if (!store.objects().holds(key, precondition)) {
                return new Landed(new PutResult.Conflict(store.storeTime()), "conflict", null);
            }
            String clash = store.objects().clash(key);
            if (clash != null) {
                throw new IllegalStateException("a key is never a directory of another: " + key + " beside " + clash);
            }
            String etag = store.objects().write(key, copy, store.simulation.now());
            return new Landed(new PutResult.Applied(etag, store.storeTime()), "is " + etag, key);
        });
        boolean conditional = !(precondition instanceof Precondition.None);
        return switch (await(exchange, key, conditional)) {
            case ANSWERED -> exchange.answer(PutResult.class);
            case FALSE_CONFLICT -> exchange.answer(PutResult.class) instanceof PutResult.Conflict real
                    ? real
                    : new PutResult.Conflict(store.storeTime());
            case REFUSED, UNKNOWN ->
                new PutResult.Unknown(new Unanswered(exchange.trouble()));
        };
    }

    @Override
    public void delete(String key) {
        StoredObjects.requireGoodKey(key);
        Exchange exchange = new Exchange(store, actor, RequestKind.DELETE, key, "", () -> {
            boolean there = store.objects().delete(key);
            return new Landed(there, there ? "gone" : "was not there", there ? key : null);
        });
        if (await(exchange, key, false) == Exchange.End.UNKNOWN) {
            throw new Unavailable(exchange.trouble());
        }
    }

    @Override
    public boolean delete(String key, String etag) {
        StoredObjects.requireGoodKey(key);
        if (!store.options.conditionalDelete) {
            throw new UnsupportedOperationException("this store has no conditional delete");
        }
        Exchange exchange = new Exchange(store, actor, RequestKind.DELETE, key, " if-match " + etag, () -> {
            boolean mine = store.objects().holds(key, Precondition.ifMatch(etag));
            boolean gone = mine && store.objects().delete(key);
            return new Landed(gone, gone ? "gone" : "conflict", gone ? key : null);
        });
        return switch (await(exchange, key, true)) {
            case ANSWERED -> exchange.answer(Boolean.class);
            case FALSE_CONFLICT -> false;
            case REFUSED, UNKNOWN ->
                throw new Unavailable(exchange.trouble());
        };
    }

    @Override
    public void close() {
        // holds nothing
    }

    private static Exchange.End await(Exchange exchange, String key, boolean conditional) {
        Exchange.End end = exchange.await(conditional);
        if (end == Exchange.End.REFUSED) {
            throw new StoreRefusedException("403 for " + key + ": the credentials have expired");
        }
        return end;
    }

    private <T> T read(RequestKind kind, String key, String details, Supplier<Landed> effect, Class<T> type) {
        Exchange exchange = new Exchange(store, actor, kind, key, details, effect);
        if (await(exchange, key, false) == Exchange.End.UNKNOWN) {
            throw new Unavailable(exchange.trouble());
        }
        return exchange.answer(type);
    }

    private static void requireGoodPage(String prefix, int limit) {
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix is empty or ends with /, but this is '" + prefix + "'");
        }
        if (limit < 1 || limit > MOST_KEYS) {
            throw new IllegalArgumentException("a page has 1 to 1,000 keys, but " + limit + " are asked for");
        }
    }

    private static String describe(Precondition precondition) {
        return switch (precondition) {
            case Precondition.None none -> "";
            case Precondition.IfAbsent absent -> " if-absent";
            case Precondition.IfMatch match -> " if-match " + match.etag();
        };
    }

    /** Without a stack trace: it costs more than all else here, and the trace of the history tells who asked. */
    private static final class Unanswered extends IOException {
        private static final long serialVersionUID = 1L;

        Unanswered(String message) {
            super(message);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Without a stack trace, for the same reason. */
    private static final class Unavailable extends StoreUnavailableException {
        private static final long serialVersionUID = 1L;

        Unavailable(String message) {
            super(message, null);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /**
     * What a request did.
     *
     * @param answer what the store answers
     * @param outcome for the trace
     * @param changed the key that it changed, or null
     */
    record Landed(Object answer, String outcome, @Nullable String changed) {}
}
