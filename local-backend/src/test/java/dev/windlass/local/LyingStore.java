package dev.windlass.local;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

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

/** A store that breaks one promise, as real ones do. */
final class LyingStore implements ObjectStore {
    /** A thousandth part of what a request to a real store takes. */
    private static final long MOMENT = Duration.ofMillis(2).toNanos();

    private final ObjectStore store;
    private final Lie lie;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();
    private final ConcurrentMap<String, StoredObject> before = new ConcurrentHashMap<>();

    /** Which promise. */
    enum Lie {
        NONE, CREATES_NOT_ATOMICALLY, SWAPS_NOT_ATOMICALLY, IGNORES_IF_ABSENT, IGNORES_IF_MATCH, REVIVES_DELETED, ONE_ETAG, LOSES_ACKNOWLEDGED, READS_LATE, LISTS_LATE, LISTS_IN_NO_ORDER, LISTS_TWICE, LEAVES_OUT_LAST, LOSES_NAMES, FOLDS_CASE, CUTS_BODIES, WRAPS_BODIES, TELLS_NO_TIME, APPLIES_REPEATS, DELETES_ANY_VERSION, CLOCK_GOES_BACK, REFUSES, IS_DOWN, GOES_DOWN, OVERLOADED
    }

    LyingStore(ObjectStore store, Lie lie) {
        this.store = store;
        this.lie = lie;
    }

    @Override
    public String location() {
        return store.location();
    }

    @Override
    public Capabilities capabilities() {
        return store.capabilities();
    }

    private void answerOrNot() {
        int call = calls.incrementAndGet();
        if (lie == Lie.REFUSES) {
            throw new StoreRefusedException("403: Access Denied");
        }
        if (lie == Lie.IS_DOWN || (lie == Lie.GOES_DOWN && call > 200)) {
            throw new StoreUnavailableException("connection refused", null);
        }
    }

    private String folded(String key) {
        return lie == Lie.FOLDS_CASE ? key.toLowerCase(Locale.ROOT) : key;
    }

    @Override
    public GetResult get(String key) {
        answerOrNot();
        GetResult result = store.get(folded(key));
        StoredObject object = result.object();
        if (lie == Lie.READS_LATE && before.containsKey(key)) {
            return new GetResult(before.remove(key), result.storeTime());
        }
        if (object == null) {
            return result;
        }
        Instant time = lie == Lie.CLOCK_GOES_BACK
                ? object.lastModified().minusSeconds(60L * (calls.get() % 7))
                : object.lastModified();
        String etag = lie == Lie.ONE_ETAG ? "\"one\"" : object.etag();
        return new GetResult(new StoredObject(key, object.body(), etag, time),
                lie == Lie.TELLS_NO_TIME ? null : result.storeTime());
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        answerOrNot();
        if (lie == Lie.OVERLOADED && calls.get() % 10 == 0) {
            return new PutResult.Unknown(new IllegalStateException("503: slow down"));
        }
        byte[] kept = kept(body);
        StoredObject old = store.get(folded(key)).object();
        if (lie == Lie.READS_LATE && old != null) {
            before.put(key, old);
        }
        PutResult result = switch (precondition) {
            case Precondition.IfAbsent absent -> switch (lie) {
                case IGNORES_IF_ABSENT -> store.put(folded(key), kept, Precondition.none());
                case CREATES_NOT_ATOMICALLY -> later(key, kept, old == null);
                default -> store.put(folded(key), kept, precondition);
            };
            case Precondition.IfMatch match -> swap(folded(key), kept, match, old);
            case Precondition.None none -> store.put(folded(key), kept, precondition);
        };
        return lie == Lie.ONE_ETAG && result instanceof PutResult.Applied applied
                ? new PutResult.Applied("\"one\"", applied.storeTime())
                : result;
    }

    private byte[] kept(byte[] body) {
        return switch (lie) {
            case CUTS_BODIES -> body.length > 1_000_000 ? Arrays.copyOf(body, 1_000_000) : body;
            case WRAPS_BODIES -> {
                byte[] head = (Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                byte[] wrapped = Arrays.copyOf(head, head.length + body.length);
                System.arraycopy(body, 0, wrapped, head.length, body.length);
                yield wrapped;
            }
            default -> body;
        };
    }

    private PutResult swap(String key, byte[] body, Precondition.IfMatch match, @Nullable StoredObject old) {
        return switch (lie) {
            case IGNORES_IF_MATCH -> store.put(key, body, Precondition.none());
            case APPLIES_REPEATS -> old != null && Arrays.equals(body, before.getOrDefault(key, old).body())
                    ? store.put(key, body, Precondition.none())
                    : remembered(key, body, store.put(key, body, match));
            case REVIVES_DELETED -> store.put(key, body, old == null ? Precondition.none() : match);
            case SWAPS_NOT_ATOMICALLY -> later(key, body, old != null && old.etag().equals(match.etag()));
            case LOSES_ACKNOWLEDGED -> old != null && old.etag().equals(match.etag()) && calls.get() % 5 == 0
                    ? new PutResult.Applied("\"lost\"", null)
                    : store.put(key, body, match);
            case ONE_ETAG -> old == null
                    ? new PutResult.Conflict(null)
                    : store.put(key, body, Precondition.ifMatch(old.etag()));
            default -> store.put(key, body, match);
        };
    }

    private PutResult remembered(String key, byte[] body, PutResult result) {
        if (result instanceof PutResult.Applied applied) {
            before.put(key, new StoredObject(key, body, applied.etag(), Instant.EPOCH));
        }
        return result;
    }

    /** Looks first, and acts a moment later. */
    private PutResult later(String key, byte[] body, boolean holds) {
        LockSupport.parkNanos(MOMENT);
        return holds ? store.put(key, body, Precondition.none()) : new PutResult.Conflict(null);
    }

    @Override
    public void delete(String key) {
        answerOrNot();
        store.delete(folded(key));
    }

    @Override
    public boolean delete(String key, String etag) {
        answerOrNot();
        if (lie == Lie.DELETES_ANY_VERSION) {
            store.delete(key);
            return true;
        }
        return store.delete(folded(key), etag);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        answerOrNot();
        ListPage page = store.list(prefix, startAfter, limit);
        List<ListPage.Entry> entries = new ArrayList<>(page.entries());
        switch (lie) {
            case LISTS_LATE -> {
                if (lists.incrementAndGet() % 2 == 0 && !entries.isEmpty()) {
                    entries.removeLast();
                }
            }
            case LISTS_IN_NO_ORDER -> Collections.reverse(entries);
            case LISTS_TWICE -> {
                if (startAfter != null) {
                    entries.addFirst(new ListPage.Entry(startAfter, Instant.EPOCH, 1));
                }
            }
            case LEAVES_OUT_LAST -> {
                if (!page.more() && entries.size() > 3) {
                    entries.removeLast();
                }
            }
            default -> {
                // as it is
            }
        }
        return new ListPage(entries, page.more(), page.storeTime());
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        answerOrNot();
        NamesPage page = store.listNames(prefix, startAfter, limit);
        return lie == Lie.LOSES_NAMES
                ? new NamesPage(page.names().subList(0, Math.min(1, page.names().size())), page.more(),
                        page.storeTime())
                : page;
    }

    @Override
    public void close() {
        store.close();
    }
}
