package dev.windlass.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.environment.Environment;
import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** Objects in a concurrent sorted map. ETags are numbers that never come again. */
final class MemoryObjectStore implements ObjectStore {

    /** What several clients of one store share. Keys are ASCII, so the natural order of strings is that of bytes. */
    static final class Content {
        final ConcurrentSkipListMap<String, Version> objects = new ConcurrentSkipListMap<>();
        final AtomicLong versions = new AtomicLong();
    }

    /** One version; the array is never handed out. */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity only
    record Version(byte[] body, String etag, Instant lastModified) {}

    private final Environment environment;
    private final Content content;

    MemoryObjectStore(Environment environment, Content content) {
        this.environment = environment;
        this.content = content;
    }

    @Override
    public String location() {
        return "mem:";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, Duration.ZERO);
    }

    @Override
    public GetResult get(String key) {
        Keys.checkKey(key);
        Version version = content.objects.get(key);
        StoredObject object = version == null
                ? null
                : new StoredObject(key, version.body.clone(), version.etag, version.lastModified);
        return new GetResult(object, environment.wallTime());
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        Keys.checkKey(key);
        Keys.checkBody(key, body);
        Version next = new Version(body.clone(), "m" + content.versions.incrementAndGet(), environment.wallTime());
        boolean applied = switch (precondition) {
            case Precondition.IfAbsent _ignored -> content.objects.putIfAbsent(key, next) == null;
            case Precondition.IfMatch match -> {
                Version current = content.objects.get(key);
                // The map compares versions by equals, which for this record is the identity of the array.
                yield current != null && current.etag.equals(match.etag())
                        && content.objects.replace(key, current, next);
            }
            case Precondition.None _ignored -> {
                content.objects.put(key, next);
                yield true;
            }
        };
        Instant now = environment.wallTime();
        return applied ? new PutResult.Applied(next.etag, now) : new PutResult.Conflict(now);
    }

    @Override
    public void delete(String key) {
        Keys.checkKey(key);
        content.objects.remove(key);
    }

    @Override
    public boolean delete(String key, String etag) {
        Keys.checkKey(key);
        Version current = content.objects.get(key);
        return current != null && current.etag.equals(etag) && content.objects.remove(key, current);
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        Keys.checkList(prefix, startAfter, limit);
        boolean after = startAfter != null && startAfter.compareTo(prefix) > 0;
        List<ListPage.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Version> entry : content.objects
                .tailMap(after && startAfter != null ? startAfter : prefix, !after)
                .entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            if (entries.size() == limit) {
                return new ListPage(entries, true, environment.wallTime());
            }
            entries.add(
                    new ListPage.Entry(entry.getKey(), entry.getValue().lastModified, entry.getValue().body.length));
        }
        return new ListPage(entries, false, environment.wallTime());
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        Keys.checkList(prefix, startAfter, limit);
        List<String> names = new ArrayList<>();
        // '0' is the byte after '/': the first key beyond everything below a name. Names come in the order of their keys.
        String key = content.objects.ceilingKey(startAfter == null ? prefix : prefix + startAfter + "0");
        while (key != null && key.startsWith(prefix)) {
            int slash = key.indexOf('/', prefix.length());
            if (slash < 0) {
                key = content.objects.higherKey(key);
                continue;
            }
            if (names.size() == limit) {
                return new NamesPage(names, true, environment.wallTime());
            }
            String name = key.substring(prefix.length(), slash);
            names.add(name);
            key = content.objects.ceilingKey(prefix + name + "0");
        }
        return new NamesPage(names, false, environment.wallTime());
    }

    @Override
    public void close() {
        // nothing to free
    }
}
