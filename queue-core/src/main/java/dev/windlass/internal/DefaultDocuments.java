package dev.windlass.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import dev.windlass.WindlassException;
import dev.windlass.environment.Environment;
import dev.windlass.observer.UnknownEnd;
import dev.windlass.queue.spi.Documents;
import dev.windlass.queue.spi.Written;
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

/**
 * Own writes are always recognised (docs/protocol.md, "Own writes"): the only place where the outcome of a precondition is
 * interpreted. After anything but a plain success, the object is read:
 * <ul>
 * <li>the write id is in the body: it landed, perhaps under later versions;</li>
 * <li>the body is the base, byte for byte: it may still land; the same put is tried again;</li>
 * <li>otherwise it lost, for good, since every later version carries a write id of its own.</li>
 * </ul>
 */
final class DefaultDocuments implements Documents {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int PAGE = 1000;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final ObjectStore store;
    private final Environment environment;
    private final Duration patience;
    private final Observers observers;

    DefaultDocuments(ObjectStore store, Environment environment, Duration patience, Observers observers) {
        this.store = store;
        this.environment = environment;
        this.patience = patience;
        this.observers = observers;
    }

    /** The same documents with another patience. */
    DefaultDocuments withPatience(Duration other) {
        return new DefaultDocuments(store, environment, other, observers);
    }

    ObjectStore store() {
        return store;
    }

    @Override
    public @Nullable StoredObject read(String key) {
        GetResult result = retry("GET", key, () -> store.get(key));
        return result.object();
    }

    @Override
    public Written create(String key, byte[] body, String writeId) {
        return write(key, null, body, writeId);
    }

    @Override
    public Written replace(StoredObject base, byte[] body, String writeId) {
        return write(base.key(), base, body, writeId);
    }

    private Written write(String key, @Nullable StoredObject base, byte[] body, String writeId) {
        var pause = new Pause("PUT", key);
        Written written = write(pause, key, base, body, writeId);
        pause.resolved(written instanceof Written.Won ? UnknownEnd.LANDED : UnknownEnd.LOST);
        return written;
    }

    private Written write(Pause pause, String key, @Nullable StoredObject base, byte[] body, String writeId) {
        @Nullable
        StoredObject expected = base;
        boolean mayLand = false;
        while (true) {
            PutResult result;
            try {
                result = store.put(key, body,
                        expected == null ? Precondition.ifAbsent() : Precondition.ifMatch(expected.etag()));
            } catch (StoreRefusedException e) {
                if (mayLand) { // this try has changed nothing, but one before may have, or may yet
                    throw pause.unavailable("refused a repeated write", e);
                }
                throw e;
            }
            if (result instanceof PutResult.Applied applied) {
                return won(key, body, applied);
            }
            mayLand = true;
            pause.noted(result instanceof PutResult.Unknown);
            if (result instanceof PutResult.Unknown unknown) {
                pause.orGiveUp(unknown.cause());
            }
            StoredObject current;
            try {
                current = store.get(key).object();
            } catch (StoreUnavailableException e) {
                pause.orGiveUp(e);
                continue;
            } catch (StoreRefusedException e) {
                throw pause.unavailable("refused to show what a write of unknown outcome has done", e);
            }
            if (current != null && contains(current.body(), writeId)) {
                return new Written.Won(current);
            }
            boolean stillBase = current == null
                    ? expected == null
                    : expected != null && Arrays.equals(current.body(), expected.body());
            if (!stillBase) {
                return new Written.Lost(current);
            }
            if (result instanceof PutResult.Conflict) {
                // A conflict over the very version that was named: a stale ETag, or a delete under way.
                pause.orGiveUp(null);
            }
            expected = current;
        }
    }

    /**
     * Tries once to create an object whose name must not be used again if that is not known to have worked.
     *
     * @return won, or lost; if lost, it may still land, once
     */
    Written createOnce(String key, byte[] body, String writeId) {
        PutResult result = store.put(key, body, Precondition.ifAbsent());
        if (result instanceof PutResult.Applied applied) {
            return won(key, body, applied);
        }
        var pause = new Pause("PUT", key);
        pause.noted(result instanceof PutResult.Unknown);
        StoredObject current;
        try {
            current = read(key);
        } catch (WindlassException e) {
            pause.resolved(UnknownEnd.OPEN);
            throw e;
        }
        boolean landed = current != null && contains(current.body(), writeId);
        pause.resolved(landed ? UnknownEnd.LANDED : UnknownEnd.OPEN);
        return landed && current != null ? new Written.Won(current) : new Written.Lost(current);
    }

    private static Written won(String key, byte[] body, PutResult.Applied applied) {
        Instant time = applied.storeTime();
        return new Written.Won(new StoredObject(key, body, applied.etag(), time == null ? Instant.EPOCH : time));
    }

    @Override
    public void put(String key, byte[] body) {
        var pause = new Pause("PUT", key);
        while (true) {
            PutResult result = store.put(key, body, Precondition.none());
            pause.noted(result instanceof PutResult.Unknown);
            switch (result) {
                case PutResult.Applied applied -> {
                    pause.resolved(UnknownEnd.LANDED);
                    return;
                }
                case PutResult.Conflict conflict -> pause.orGiveUp(null);
                case PutResult.Unknown unknown -> pause.orGiveUp(unknown.cause());
            }
        }
    }

    @Override
    public void delete(String key) {
        retry("DELETE", key, () -> {
            store.delete(key);
            return true;
        });
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        return retry("LIST", prefix, () -> store.list(prefix, startAfter, limit));
    }

    @Override
    public boolean listsInOrder() {
        return store.capabilities().orderedList();
    }

    /** All names below a prefix, page by page: a page may end early, whatever was asked for. */
    List<String> names(String prefix) {
        var names = new ArrayList<String>();
        while (true) {
            String after = names.isEmpty() ? null : names.getLast();
            NamesPage page = names(prefix, after, PAGE);
            names.addAll(page.names());
            if (!page.more() || page.names().isEmpty()) {
                return names;
            }
        }
    }

    @Override
    public NamesPage names(String prefix, @Nullable String startAfter, int limit) {
        return retry("LIST", prefix, () -> store.listNames(prefix, startAfter, limit));
    }

    private <T> T retry(String what, String key, Supplier<T> request) {
        var pause = new Pause(what, key);
        while (true) {
            try {
                return request.get();
            } catch (StoreUnavailableException e) {
                pause.orGiveUp(e);
            }
        }
    }

    /** Whether the bytes contain the id; a write id is random text that stands nowhere else. */
    private static boolean contains(byte[] body, String writeId) {
        byte[] wanted = writeId.getBytes(StandardCharsets.US_ASCII);
        int last = body.length - wanted.length;
        for (int i = 0; i <= last; i++) {
            if (body[i] == wanted[0] && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /** Waits longer from try to try, with jitter, until patience ends. */
    private final class Pause {
        private final String what;
        private final String key;
        private final long start = environment.nanoTime();
        private Duration next = FIRST_PAUSE;
        private boolean unanswered;

        Pause(String what, String key) {
            this.what = what;
            this.key = key;
        }

        void noted(boolean unknown) {
            unanswered |= unknown;
        }

        /** The write is done with: if it was ever unanswered, observers are told how it ended. */
        void resolved(UnknownEnd end) {
            if (unanswered) {
                unanswered = false;
                observers.unknownResolved(end);
            }
        }

        void orGiveUp(@Nullable Exception cause) {
            if (environment.nanoTime() - start >= patience.toNanos()) {
                throw unavailable("gave no usable answer for " + patience.toSeconds() + " s", cause);
            }
            try {
                environment
                        .sleep(Duration.ofNanos((long) (next.toNanos() * (0.5 + environment.random().nextDouble()))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable("was interrupted", cause == null ? e : cause);
            }
            Duration doubled = next.multipliedBy(2);
            next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        }

        private WindlassException unavailable(String why, @Nullable Exception cause) {
            resolved(UnknownEnd.OPEN);
            String reason = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
            String outcome = what.equals("PUT") ? " It is not known whether the write has landed." : "";
            return new StoreUnavailableException(what + " " + key + " at " + store.location() + " " + why + reason + "."
                    + outcome + " Check that the store is reachable, and try again.", cause);
        }
    }
}
