package dev.windlass.local;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import dev.windlass.store.ListPage;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the tree in the order of the keys. Everything that a directory, bucket or continuation holds sorts at
 * or after its own beginning: so they all wait in one heap by that, the least is taken out, and what holds others is
 * replaced by what it holds. Nothing is read that lies wholly before the start, or after the page's end.
 */
final class Listing {

    /** Told of directories that had nothing in them, but perhaps a pivot. */
    @FunctionalInterface
    interface Empties {
        void found(String prefix, Path container);
    }

    /**
     * Something not yet looked at.
     *
     * @param order the whole key, or the beginning of all keys in it
     * @param prefix the keys' part up to the last slash
     * @param encoded what continuations have given of the names so far
     */
    private record Pending(String order, Path path, DiskNames.Kind kind, String prefix, String encoded) {}

    private final ObjectTree tree;
    private final Empties empties;
    private final @Nullable String startAfter;
    private final PriorityQueue<Pending> heap = new PriorityQueue<>(Comparator.comparing(Pending::order));

    Listing(ObjectTree tree, @Nullable String startAfter, Empties empties) {
        this.tree = tree;
        this.startAfter = startAfter;
        this.empties = empties;
    }

    List<ListPage.Entry> page(String prefix, int limit) throws IOException {
        List<ListPage.Entry> entries = new ArrayList<>();
        expand(new Pending(prefix, tree.directory(prefix), DiskNames.Kind.DIRECTORY, prefix, ""));
        String last = null;
        while (entries.size() < limit) {
            Pending next = heap.poll();
            if (next == null) {
                break;
            }
            if (next.kind != DiskNames.Kind.OBJECT) {
                expand(next);
            } else if (!next.order.equals(last)) {
                BasicFileAttributes attributes = ObjectFile.attributes(next.path);
                if (attributes != null) {
                    entries.add(new ListPage.Entry(next.order, attributes.lastModifiedTime().toInstant(),
                            ObjectFile.size(attributes)));
                    last = next.order;
                }
            }
        }
        return entries;
    }

    /** Whether there may be more after the page. */
    boolean more() {
        return !heap.isEmpty();
    }

    /** The names one level below, all of them, in order; also those that hold nothing. */
    List<String> names(String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        expand(new Pending(prefix, tree.directory(prefix), DiskNames.Kind.DIRECTORY, prefix, ""));
        for (Pending next = heap.poll(); next != null; next = heap.poll()) {
            if (next.kind == DiskNames.Kind.DIRECTORY) {
                found.add(next.order.substring(prefix.length(), next.order.length() - 1));
            } else if (next.kind == DiskNames.Kind.CONTINUED) {
                expand(next);
            }
        }
        return found;
    }

    private void expand(Pending holder) throws IOException {
        String[] names = StoreDirectory.names(holder.path);
        if (names == null) {
            return;
        }
        if (names.length == 0 || (names.length == 1 && names[0].equals(DiskNames.PIVOT))) {
            empties.found(holder.prefix, holder.path);
            return;
        }
        for (String name : names) {
            Pending pending = pending(holder, name);
            if (pending != null) {
                heap.add(pending);
            }
        }
    }

    private @Nullable Pending pending(Pending holder, String name) {
        DiskNames.Kind kind = DiskNames.Kind.of(name);
        String prefix = holder.prefix;
        String encoded = holder.encoded;
        String order;
        switch (kind) {
            case OBJECT -> order = prefix + DiskNames.decode(encoded + name);
            case DIRECTORY -> {
                order = prefix + DiskNames.decode(encoded + name.substring(0, name.length() - 1)) + "/";
                prefix = order;
                encoded = "";
            }
            case CONTINUED -> {
                encoded += name.substring(DiskNames.CONTINUED.length());
                order = prefix + DiskNames.decode(encoded);
            }
            case BUCKET -> order = prefix + DiskNames.decode(name.substring(DiskNames.BUCKET.length()));
            default -> {
                return null;
            }
        }
        if (startAfter != null) {
            int compared = order.compareTo(startAfter);
            if (compared <= 0 && (kind == DiskNames.Kind.OBJECT || !startAfter.startsWith(order))) {
                return null;
            }
        }
        return new Pending(order, holder.path.resolve(name), kind, prefix, encoded);
    }
}
