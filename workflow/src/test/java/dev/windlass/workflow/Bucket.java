package dev.windlass.workflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** A bucket in memory that several connections share, each by a view of its own, which can be cut off. */
final class Bucket {
    private final NavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong versions = new AtomicLong();

    private volatile long latencyMillis;

    void latency(long millis) {
        latencyMillis = millis;
    }

    private void delay() {
        if (latencyMillis > 0) {
            try {
                Thread.sleep(latencyMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    View view() {
        return new View();
    }

    List<String> keys(String prefix) {
        return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    String text(String key) {
        StoredObject object = objects.get(key);
        return object == null ? "" : new String(object.body(), StandardCharsets.UTF_8);
    }

    /** What one process sees of the bucket. */
    final class View implements ObjectStore {
        private final List<String> gets = new CopyOnWriteArrayList<>();
        private volatile boolean cut;
        private volatile Consumer<String> afterPut = key -> {};

        /** From now on no request arrives any more: to all others, the process is dead. */
        void cut() {
            cut = true;
        }

        /** Called after each put that was applied, on the thread that put. */
        void afterPut(Consumer<String> hook) {
            afterPut = hook;
        }

        List<String> gets() {
            return gets;
        }

        @Override
        public String location() {
            return "bucket:test";
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(true, true, Duration.ZERO);
        }

        @Override
        public GetResult get(String key) {
            check();
            gets.add(key);
            StoredObject object = objects.get(key);
            return new GetResult(object == null
                    ? null
                    : new StoredObject(key, object.body().clone(), object.etag(), object.lastModified()),
                    Instant.now());
        }

        @Override
        public PutResult put(String key, byte[] body, Precondition precondition) {
            delay();
            if (cut) {
                return new PutResult.Unknown(new IOException("cut off"));
            }
            StoredObject next = new StoredObject(key, body.clone(), "v" + versions.incrementAndGet(), Instant.now());
            @Nullable
            StoredObject now = objects.compute(key, (same, old) -> switch (precondition) {
                case Precondition.IfAbsent absent -> old == null ? next : old;
                case Precondition.IfMatch match -> old != null && old.etag().equals(match.etag()) ? next : old;
                case Precondition.None none -> next;
            });
            if (now == null || !next.etag().equals(now.etag())) {
                return new PutResult.Conflict(Instant.now());
            }
            afterPut.accept(key);
            return cut
                    ? new PutResult.Unknown(new IOException("cut off"))
                    : new PutResult.Applied(next.etag(), next.lastModified());
        }

        @Override
        public void delete(String key) {
            check();
            objects.remove(key);
        }

        @Override
        public boolean delete(String key, String etag) {
            check();
            StoredObject object = objects.get(key);
            return object != null && object.etag().equals(etag) && objects.remove(key, object);
        }

        @Override
        public ListPage list(String prefix, @Nullable String startAfter, int limit) {
            check();
            List<ListPage.Entry> entries = new ArrayList<>();
            for (StoredObject object : objects.tailMap(prefix, true).values()) {
                if (!object.key().startsWith(prefix)) {
                    break;
                }
                if (startAfter != null && object.key().compareTo(startAfter) <= 0) {
                    continue;
                }
                if (entries.size() == limit) {
                    return new ListPage(entries, true, Instant.now());
                }
                entries.add(new ListPage.Entry(object.key(), object.lastModified(), object.body().length));
            }
            return new ListPage(entries, false, Instant.now());
        }

        @Override
        public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
            check();
            List<String> names = new ArrayList<>();
            for (String key : objects.tailMap(prefix, true).keySet()) {
                if (!key.startsWith(prefix)) {
                    break;
                }
                int end = key.indexOf('/', prefix.length());
                String name = end < 0 ? null : key.substring(prefix.length(), end);
                if (name == null || names.contains(name)
                        || (startAfter != null && name.compareTo(startAfter) <= 0)) {
                    continue;
                }
                if (names.size() == limit) {
                    return new NamesPage(names, true, Instant.now());
                }
                names.add(name);
            }
            return new NamesPage(names, false, Instant.now());
        }

        private void check() {
            delay();
            if (cut) {
                throw new StoreUnavailableException("cut off", null);
            }
        }

        @Override
        public void close() {
            // the bucket stays
        }
    }
}
