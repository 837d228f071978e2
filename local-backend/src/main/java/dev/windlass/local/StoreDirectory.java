package dev.windlass.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The directory as a whole: is it a store, or may it become one? A store is known by the file {@value #MARKER}, which
 * is the first thing that is written to it.
 *
 * <pre>
 * windlass-store    the marker: the version of this layout
 * objects/          the objects, see {@link DiskNames}
 * locks             byte ranges of it are the locks, see {@link WriteLocks}
 * writing/          one directory for each live writer, see {@link Scratch}
 * </pre>
 */
record StoreDirectory(Path root) {

    static final String MARKER = "windlass-store";
    private static final String FORMAT = "windlass file store, layout 2";

    private static final Set<String> NETWORK = Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "smbfs2",
            "afs", "ncpfs",
            "9p", "ceph", "lustre", "gfs", "gfs2", "ocfs2", "gpfs", "beegfs", "orangefs", "coda", "davfs", "webdav",
            "afpfs");

    Path objects() {
        return root.resolve("objects");
    }

    Path locks() {
        return root.resolve("locks");
    }

    Path writing() {
        return root.resolve("writing");
    }

    /** How to learn the type of the file system of an existing path. */
    @FunctionalInterface
    interface TypeOf {
        String type(Path path) throws IOException;
    }

    static String systemType(Path path) throws IOException {
        return Files.getFileStore(path).type();
    }

    /** Refuses what cannot be, or become, a store. Writes nothing. */
    void check(boolean allowNetworkFileSystem, TypeOf typeOf) {
        try {
            Path existing = nearestExisting();
            if (!Files.isDirectory(existing)) {
                throw new StoreRefusedException("the store directory " + root + " cannot be used: " + existing
                        + " is a file, not a directory; choose another path");
            }
            String type = typeOf.type(existing);
            if (!allowNetworkFileSystem && isNetwork(type)) {
                throw new StoreRefusedException("the store directory " + root + " is on a network file system (" + type
                        + "), where locks and renames are often not atomic between hosts, so that tasks could be lost; use a local"
                        + " directory or an s3: bucket, or add ?allowNetworkFileSystem=true if you know that yours are");
            }
            if (existing.equals(root)) {
                checkContent();
            }
        } catch (IOException failure) {
            throw refused("read", failure);
        }
    }

    private Path nearestExisting() {
        Path path = root;
        while (!Files.exists(path)) {
            Path parent = path.getParent();
            if (parent == null) {
                return path;
            }
            path = parent;
        }
        return path;
    }

    private void checkContent() throws IOException {
        Path marker = root.resolve(MARKER);
        if (Files.exists(marker)) {
            String format = Files.readString(marker, StandardCharsets.UTF_8).strip();
            // Empty: its writer died, or is just writing it.
            if (!format.isEmpty() && !format.equals(FORMAT)) {
                throw new StoreRefusedException("the store directory " + root + " has another layout ('"
                        + format.substring(0, Math.min(60, format.length())) + "') than this version knows ('" + FORMAT
                        + "'); use a version of Windlass that knows it, or another directory");
            }
            return;
        }
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                if (found.size() == 4) {
                    found.set(3, "…");
                    break;
                }
                found.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        }
        // Another process may have written the marker since the first look.
        if (!found.isEmpty() && !Files.exists(marker)) {
            throw new StoreRefusedException("the directory " + root + " is not a Windlass store: it has no '" + MARKER
                    + "', but has " + String.join(", ", found) + "; name an empty or a new directory, such as "
                    + root.resolve(".windlass"));
        }
    }

    /** Makes the directory a store, if it is not one yet. Any number of processes may do so at once. */
    void create(boolean fsync) throws IOException {
        Path marker = root.resolve(MARKER);
        if (Files.exists(root)) {
            checkContent();
        }
        Path first = nearestExisting();
        Files.createDirectories(root);
        if (!Files.exists(marker) || Files.size(marker) == 0) {
            Files.writeString(marker, FORMAT + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
        }
        Files.createDirectories(objects());
        Files.createDirectories(writing());
        if (fsync) {
            Durability.syncFile(marker);
            for (Path path = objects(); path != null && path.startsWith(first); path = path.getParent()) {
                Durability.syncDirectory(path);
            }
        }
    }

    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return NETWORK.contains(name) || name.startsWith("fuse.") || name.startsWith("nfs") || name.startsWith("smb");
    }

    StoreRefusedException refused(String doing, Exception failure) {
        StoreRefusedException refusal = FileFailures.refusal(root, doing, failure);
        return refusal != null
                ? refusal
                : new StoreRefusedException("cannot " + doing + " in the store directory " + root + ": " + failure,
                        failure);
    }

    /** The names in a directory, in no order; null if it does not exist. */
    static String @Nullable [] names(Path directory) throws IOException {
        String[] names = directory.toFile().list();
        if (names == null && Files.exists(directory)) {
            // Says why: no permission, no directory, too many open files. The short way above does not.
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                List<String> found = new ArrayList<>();
                for (Path entry : entries) {
                    found.add(String.valueOf(entry.getFileName()));
                }
                return found.toArray(String[]::new);
            } catch (NoSuchFileException gone) {
                return null;
            } catch (DirectoryIteratorException failure) {
                throw failure.getCause();
            } catch (UncheckedIOException failure) {
                throw failure.getCause();
            }
        }
        return names;
    }
}
