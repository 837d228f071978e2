package dev.windlass.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.environment.Environment;
import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Where objects lie. A segment is a directory, an object a file in it (names: {@link DiskNames}). A directory with very
 * many objects is divided: it gets a pivot, and from then on new objects go to the bucket that the pivot says, while
 * old ones stay where they are; buckets are divided likewise. So nothing ever moves, and whoever looks first into the
 * directory, then for a pivot, then into the bucket, cannot miss an object that was there all the time.
 *
 * <p>All changes of one directory of keys, its buckets and its pivots are made under its lock. Only the removal of empty
 * directories is not, so whoever puts something into a directory makes it again if need be.
 */
final class ObjectTree {

    /** A directory that was changed less than this ago is not removed when it becomes empty: it will be wanted again. */
    static final Duration BUSY = Duration.ofSeconds(10);
    private static final String PIVOT_START = "^~";
    private static final int ATTEMPTS = 10_000;
    private static final int FAILURES = 100;

    private final Path root;
    private final int splitAt;

    ObjectTree(Path root, int splitAt) {
        this.root = root;
        this.splitAt = splitAt;
    }

    Path root() {
        return root;
    }

    int splitAt() {
        return splitAt;
    }

    /**
     * A place for an object.
     *
     * @param container the directory or bucket
     * @param path where the object is, or would be made
     * @param attributes of what stands there; null if there is no such object
     */
    record Spot(Path container, Path path, @Nullable BasicFileAttributes attributes) {}

    Path directory(String prefix) {
        return prefix.isEmpty() ? root : root.resolve(DiskNames.directory(prefix));
    }

    static String prefixOf(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    Spot locate(String key) throws IOException {
        String prefix = prefixOf(key);
        String name = key.substring(prefix.length());
        String leaf = DiskNames.leaf(name);
        Path container = directory(prefix);
        while (true) {
            Path path = container.resolve(leaf);
            BasicFileAttributes attributes = ObjectFile.attributes(path);
            if (attributes != null) {
                return new Spot(container, path, attributes);
            }
            String pivot = pivot(container);
            String bucket = pivot == null ? null : DiskNames.Buckets.prefixFor(pivot, name);
            if (bucket == null) {
                return new Spot(container, path, null);
            }
            container = container.resolve(DiskNames.bucket(bucket));
        }
    }

    /** Reads an object, without any lock; null if there is none. */
    ObjectFile.@Nullable Content read(String key) throws IOException {
        int failures = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Spot spot = locate(key);
            BasicFileAttributes attributes = spot.attributes;
            if (attributes == null) {
                return null;
            }
            try {
                ObjectFile.Content content = ObjectFile.readWhole(spot.path, key, attributes.isSymbolicLink());
                if (content != null) {
                    return content;
                }
            } catch (FileNotFoundException | StoreRefusedException failure) {
                // Deleted since the look at it, or read half: that passes. Not to be opened at all, or damaged: that lasts.
                if (++failures > FAILURES) {
                    throw failure;
                }
            }
        }
        throw new IOException("'" + key + "' changed under the reader " + ATTEMPTS + " times in a row");
    }

    /** Renames a version into place. */
    void place(Path file, Path target) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (NoSuchFileException missing) {
                if (attempt == ATTEMPTS || ObjectFile.attributes(file) == null) {
                    throw missing;
                }
                makeParent(target);
            }
        }
    }

    /** Makes an empty version where nothing stands. */
    void placeEmpty(ObjectFile.Version version, Path target) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                ObjectFile.writeEmpty(target, version);
                return;
            } catch (NoSuchFileException missing) {
                if (attempt == ATTEMPTS) {
                    throw missing;
                }
                makeParent(target);
            }
        }
    }

    private static void makeParent(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            return;
        }
        try {
            Files.createDirectories(parent);
        } catch (NoSuchFileException removedAgain) {
            // Somebody found a directory above it empty. The caller comes back.
        }
    }

    /**
     * Removes what stands at a spot, and the directories that this leaves empty, unless they are busy.
     *
     * @param keep the path to move its file to, or null to delete it
     */
    void remove(Spot spot, @Nullable Path keep, Environment environment) throws IOException {
        Path directory = spot.path.getParent();
        boolean quiet = directory != null && isQuiet(directory, environment);
        if (keep == null) {
            Files.delete(spot.path);
        } else {
            Files.move(spot.path, keep, StandardCopyOption.ATOMIC_MOVE);
        }
        while (quiet && directory != null && !directory.equals(root)) {
            // False if it is not empty: the usual case, for which an exception would be dear.
            Path parent = directory.getParent();
            quiet = parent != null && isQuiet(parent, environment) && directory.toFile().delete();
            directory = parent;
        }
    }

    static boolean isQuiet(Path directory, Environment environment) throws IOException {
        BasicFileAttributes attributes = ObjectFile.attributes(directory);
        return attributes != null
                && attributes.lastModifiedTime().toInstant().plus(BUSY).isBefore(environment.wallTime());
    }

    static @Nullable String pivot(Path container) throws IOException {
        Path mark = container.resolve(DiskNames.PIVOT);
        if (ObjectFile.attributes(mark) == null) {
            return null;
        }
        try {
            return Files.readSymbolicLink(mark).toString().substring(PIVOT_START.length());
        } catch (NoSuchFileException | NotLinkException removed) {
            return null;
        }
    }

    /** Divides a directory or bucket if it holds too many objects. Its lock is held. */
    void splitIfLarge(Path container) throws IOException {
        String[] entries = StoreDirectory.names(container);
        if (entries == null || entries.length < splitAt || pivot(container) != null) {
            return;
        }
        List<String> names = new ArrayList<>();
        for (String entry : entries) {
            if (DiskNames.Kind.of(entry) == DiskNames.Kind.OBJECT) {
                names.add(DiskNames.decode(entry));
            }
        }
        if (names.size() >= splitAt) {
            String pivot = DiskNames.Buckets.pivotFor(names);
            if (pivot != null) {
                Files.createSymbolicLink(container.resolve(DiskNames.PIVOT), Path.of(PIVOT_START + pivot));
            }
        }
    }

    /** Removes a directory or bucket that holds nothing, or nothing but its pivot. Its lock is held. */
    void removeIfEmpty(Path container, Environment environment) throws IOException {
        String[] entries = StoreDirectory.names(container);
        if (entries == null || entries.length > 1 || !isQuiet(container, environment)) {
            return;
        }
        if (entries.length == 1 && entries[0].equals(DiskNames.PIVOT)) {
            Files.deleteIfExists(container.resolve(DiskNames.PIVOT));
        }
        // False if something came: it is wanted again.
        container.toFile().delete();
    }
}
