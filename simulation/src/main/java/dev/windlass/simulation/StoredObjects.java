package dev.windlass.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.Precondition;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/** What a simulated store holds, and what each request does to it at the instant at which it lands. */
final class StoredObjects {
    private static final int LONGEST_KEY = 1_024;
    private static final int LONGEST_SEGMENT = 255;

    private final StoreOptions options;
    private final Seeded random;
    private final TreeMap<String, StoredObject> objects = new TreeMap<>();
    private long versions;

    StoredObjects(StoreOptions options, Seeded random) {
        this.options = options;
        this.random = random;
    }

    boolean exists(String key) {
        return objects.containsKey(key);
    }

    /** A copy that the caller may keep. */
    @Nullable
    StoredObject get(String key) {
        StoredObject found = objects.get(key);
        return found == null
                ? null
                : new StoredObject(key, found.body().clone(), found.etag(), found.lastModified());
    }

    /** Whether the precondition holds; the same for a store that answers 404 and one that answers 412. */
    boolean holds(String key, Precondition precondition) {
        StoredObject found = objects.get(key);
        return switch (precondition) {
            case Precondition.None none -> true;
            case Precondition.IfAbsent absent -> found == null;
            case Precondition.IfMatch match -> found != null && found.etag().equals(match.etag());
        };
    }

    /** Writes, and answers the ETag. The array becomes the store's. */
    String write(String key, byte[] body, Instant now) {
        String etag = options.contentEtags ? contentEtag(body) : "v" + ++versions;
        objects.put(key, new StoredObject(key, body, etag, cut(now)));
        return etag;
    }

    boolean delete(String key) {
        return objects.remove(key) != null;
    }

    Instant cut(Instant time) {
        long granularity = Math.max(1, options.timeGranularity.toNanos());
        if (granularity == 1) {
            return time;
        }
        long past = Math.floorMod(time.getEpochSecond(), 1_000_000L) * 1_000_000_000L + time.getNano();
        return time.minus(Duration.ofNanos(past % granularity));
    }

    List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        for (String key : objects.tailMap(prefix, true).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }

    ListPage list(String prefix, @Nullable String startAfter, int limit, @Nullable Instant time) {
        int most = pageSize(limit);
        List<ListPage.Entry> entries = new ArrayList<>();
        for (String key : options.orderedList ? ordered(prefix, startAfter) : scrambled(prefix, startAfter)) {
            if (!key.startsWith(prefix)) {
                break;
            }
            if (entries.size() == most) {
                return new ListPage(entries, true, time);
            }
            StoredObject object = objects.get(key);
            if (object != null) {
                entries.add(new ListPage.Entry(key, object.lastModified(), object.body().length));
            }
        }
        return new ListPage(entries, false, time);
    }

    private Iterable<String> ordered(String prefix, @Nullable String startAfter) {
        return startAfter == null || startAfter.compareTo(prefix) < 0
                ? objects.tailMap(prefix, true).keySet()
                : objects.tailMap(startAfter, false).keySet();
    }

    private List<String> scrambled(String prefix, @Nullable String startAfter) {
        Comparator<String> order = Comparator.<String>comparingLong(key -> Seeded.mix(key.hashCode()))
                .thenComparing(Comparator.naturalOrder());
        List<String> keys = keys(prefix);
        if (startAfter != null) {
            keys.removeIf(key -> order.compare(key, startAfter) <= 0);
        }
        keys.sort(order);
        return keys;
    }

    NamesPage names(String prefix, @Nullable String startAfter, int limit, @Nullable Instant time) {
        TreeSet<String> names = new TreeSet<>();
        String key = objects.ceilingKey(prefix);
        while (key != null && key.startsWith(prefix)) {
            int end = key.indexOf('/', prefix.length());
            if (end < 0) {
                key = objects.higherKey(key);
            } else {
                names.add(key.substring(prefix.length(), end));
                // '0' is what follows '/': on behind all keys below this name
                key = objects.ceilingKey(key.substring(0, end) + '0');
            }
        }
        int most = pageSize(limit);
        List<String> page = new ArrayList<>();
        for (String name : startAfter == null ? names : names.tailSet(startAfter, false)) {
            if (page.size() == most) {
                return new NamesPage(page, true, time);
            }
            page.add(name);
        }
        return new NamesPage(page, false, time);
    }

    private int pageSize(int limit) {
        int most = Math.min(limit, options.maxPage);
        return random.chance(options.shortPages) ? 1 + random.nextInt(most) : most;
    }

    /** Checks what {@link dev.windlass.store.ObjectStore} says of keys. */
    static void requireGoodKey(String key) {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException("a key has 1 to 1,024 bytes, but '" + key + "' has " + key.length());
        }
        int start = 0;
        for (int i = 0; i <= key.length(); i++) {
            if (i < key.length() && key.charAt(i) != '/') {
                if (key.charAt(i) < ' ' || key.charAt(i) > '~') {
                    throw new IllegalArgumentException("a key is printable ASCII, but '" + key + "' is not");
                }
                continue;
            }
            int length = i - start;
            boolean dots = length > 0 && length <= 2 && key.startsWith(length == 1 ? "." : "..", start);
            if (length == 0 || length > LONGEST_SEGMENT || dots) {
                throw new IllegalArgumentException("segments of a key have 1 to 255 bytes and are neither . nor ..: '"
                        + key + "'");
            }
            start = i + 1;
        }
    }

    /** A key that would be a directory of this one, or have it as its directory; null if there is none. */
    @Nullable
    String clash(String key) {
        if (objects.containsKey(key)) {
            return null;
        }
        String below = objects.ceilingKey(key + "/");
        if (below != null && below.startsWith(key + "/")) {
            return below;
        }
        for (int slash = key.indexOf('/'); slash > 0; slash = key.indexOf('/', slash + 1)) {
            String above = key.substring(0, slash);
            if (objects.containsKey(above)) {
                return above;
            }
        }
        return null;
    }

    /** Like the MD5 of the content: the same bytes, the same ETag. */
    private static String contentEtag(byte[] body) {
        ByteBuffer buffer = ByteBuffer.wrap(body);
        long hash = body.length;
        while (buffer.remaining() >= Long.BYTES) {
            hash = Seeded.mix(hash * 31 + buffer.getLong());
        }
        while (buffer.hasRemaining()) {
            hash = Seeded.mix(hash * 31 + buffer.get());
        }
        return "c" + Long.toHexString(hash);
    }
}
