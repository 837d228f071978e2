package dev.windlass.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import dev.windlass.environment.Environment;
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

/**
 * Objects in a directory that many processes share.
 *
 * <p>A put writes the new version to a file of its own, and syncs it, without any lock. Under the lock of the key's
 * directory it checks the precondition and renames the file into place: the only moment that anyone sees. Then it
 * syncs the directory, together with others who wait for the same, and answers. A process that dies before the
 * rename leaves a file that nobody sees; after it, a whole object. Reads take no lock.
 */
final class FileObjectStore implements ObjectStore {

    /** A directory is divided when it holds so many objects. */
    static final int SPLIT_AT = 2048;
    /** The kernel stamps files with a clock that ticks every 1 to 10 ms. */
    private static final Duration TICK = Duration.ofMillis(10);

    private final StoreDirectory directory;
    private final ObjectTree tree;
    private final Durability durability;
    private final Environment environment;
    private final boolean fsync;

    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable WriteLocks locks;
    private volatile boolean closed;

    FileObjectStore(StoreDirectory directory, boolean fsync, Environment environment, int splitAt) {
        this.directory = directory;
        this.tree = new ObjectTree(directory.objects(), splitAt);
        this.durability = new Durability(environment, directory.objects());
        this.environment = environment;
        this.fsync = fsync;
    }

    static FileObjectStore open(LocalUri place, Environment environment) {
        StoreDirectory directory = new StoreDirectory(place.directory().toAbsolutePath().normalize());
        directory.check(place.allowNetworkFileSystem(), StoreDirectory::systemType);
        return new FileObjectStore(directory, place.fsync(), environment, SPLIT_AT);
    }

    @Override
    public String location() {
        return "file:" + directory.root();
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(true, true, TICK);
    }

    @Override
    public GetResult get(String key) {
        Keys.checkKey(key);
        try {
            ObjectFile.Content content = tree.read(key);
            StoredObject object = content == null
                    ? null
                    : new StoredObject(key, content.body(), content.version().etag(), content.version().time());
            return new GetResult(object, environment.wallTime());
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        Keys.checkKey(key);
        Keys.checkBody(key, body);
        Path file = null;
        boolean landed = false;
        try {
            WriteLocks writer = writer();
            // A sync is dear: do not pay for a put that fails anyway. What is seen here was true at this moment.
            if (fsync && !seemsToHold(key, precondition)) {
                return new PutResult.Conflict(environment.wallTime());
            }
            ObjectFile.Version version = ObjectFile.Version.next(environment.wallTime(), environment.random());
            if (body.length > 0 || !(precondition instanceof Precondition.IfAbsent)) {
                file = write(writer, key, version, body);
            }
            ObjectTree.Spot spot;
            try (WriteLocks.Held _held = lock(writer, key)) {
                spot = tree.locate(key);
                if (!holds(spot, precondition)) {
                    return new PutResult.Conflict(environment.wallTime());
                }
                if (file == null) {
                    tree.placeEmpty(version, spot.path());
                } else {
                    file = replace(writer, spot, file);
                }
                landed = true;
                if (spot.attributes() == null && writer.createdSoMany(spot.container(), tree.splitAt())) {
                    tree.splitIfLarge(spot.container());
                }
            }
            syncParent(spot.path());
            return new PutResult.Applied(version.etag(), environment.wallTime());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new PutResult.Unknown(interrupted);
        } catch (IOException failure) {
            StoreRefusedException refusal = landed
                    ? null
                    : FileFailures.refusal(directory.root(), "write '" + key + "'", failure);
            if (refusal != null) {
                throw refusal;
            }
            return new PutResult.Unknown(failure);
        } finally {
            leave(file);
        }
    }

    private Path write(WriteLocks writer, String key, ObjectFile.Version version, byte[] body) throws IOException {
        boolean reuses = !fsync && body.length > 0;
        Path file = reuses ? writer.scratch().takeFile() : writer.scratch().newFile();
        boolean done = false;
        try {
            if (body.length == 0) {
                ObjectFile.writeEmpty(file, version);
            } else {
                try {
                    ObjectFile.write(file, key, version, body, fsync);
                } catch (FileNotFoundException missing) {
                    if (!writer.isCurrent()) {
                        throw new StoreRefusedException(
                                "the store directory " + directory.root() + " was removed or replaced while it was"
                                        + " in use; nothing was written, open the store again",
                                missing);
                    }
                    writer.scratch().restore();
                    ObjectFile.write(file, key, version, body, fsync);
                }
            }
            done = true;
            return file;
        } finally {
            if (!done) {
                discard(file);
            }
        }
    }

    /** Renames a version into place, and returns the file that stood there, if it is kept. */
    private @Nullable Path replace(WriteLocks writer, ObjectTree.Spot spot, Path file) throws IOException {
        Path replaced = keep(writer, spot);
        boolean placed = false;
        try {
            tree.place(file, spot.path());
            placed = true;
            return replaced;
        } finally {
            if (!placed) {
                discard(replaced); // it still stands there
            }
        }
    }

    /** Gives a file that is about to be replaced a second name, by which it is used again; null if it is just replaced. */
    private @Nullable Path keep(WriteLocks writer, ObjectTree.Spot spot) throws IOException {
        if (!isWorthKeeping(spot)) {
            return null;
        }
        Path kept = writer.scratch().newFile();
        try {
            Files.createLink(kept, spot.path());
            return kept;
        } catch (UnsupportedOperationException | IOException noSecondName) {
            return null; // not every file system has them, nor without limit: then the inode is freed
        }
    }

    private boolean isWorthKeeping(ObjectTree.Spot spot) {
        BasicFileAttributes attributes = spot.attributes();
        return !fsync && attributes != null && attributes.isRegularFile() && attributes.size() <= Scratch.SMALL;
    }

    private boolean seemsToHold(String key, Precondition precondition) throws IOException {
        return switch (precondition) {
            case Precondition.IfAbsent _absent -> tree.locate(key).attributes() == null;
            case Precondition.IfMatch match -> {
                ObjectFile.Content content = tree.read(key);
                yield content != null && content.version().etag().equals(match.etag());
            }
            case Precondition.None _none -> true;
        };
    }

    /** The lock of the key's directory is held. */
    private static boolean holds(ObjectTree.Spot spot, Precondition precondition) throws IOException {
        BasicFileAttributes attributes = spot.attributes();
        return switch (precondition) {
            case Precondition.IfAbsent _absent -> attributes == null;
            case Precondition.IfMatch match -> {
                ObjectFile.Version version = attributes == null
                        ? null
                        : ObjectFile.readVersion(spot.path(), attributes.isSymbolicLink());
                yield version != null && version.etag().equals(match.etag());
            }
            case Precondition.None _none -> true;
        };
    }

    @Override
    public void delete(String key) {
        remove(key, null);
    }

    @Override
    public boolean delete(String key, String etag) {
        return remove(key, etag);
    }

    private boolean remove(String key, @Nullable String etag) {
        Keys.checkKey(key);
        boolean landed = false;
        try {
            if (tree.locate(key).attributes() == null) {
                return false;
            }
            WriteLocks writer = writer();
            ObjectTree.Spot spot;
            Path removed;
            try (WriteLocks.Held _held = lock(writer, key)) {
                spot = tree.locate(key);
                if (spot.attributes() == null || (etag != null && !holds(spot, Precondition.ifMatch(etag)))) {
                    return false;
                }
                removed = isWorthKeeping(spot) ? writer.scratch().newFile() : null;
                tree.remove(spot, removed, environment);
                landed = true;
            }
            leave(removed);
            syncParent(spot.path());
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("interrupted while deleting '" + key + "' in " + location()
                    + "; it may or may not be deleted: try again", interrupted);
        } catch (IOException failure) {
            StoreRefusedException refusal = landed
                    ? null
                    : FileFailures.refusal(directory.root(), "delete '" + key + "'", failure);
            if (refusal != null) {
                throw refusal;
            }
            throw new StoreUnavailableException(
                    "deleting '" + key + "' in " + location() + " failed, it may or may not be deleted: "
                            + failure + "; try again",
                    failure);
        }
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        Keys.checkList(prefix, startAfter, limit);
        try {
            Listing listing = new Listing(tree, startAfter, this::removeIfEmpty);
            List<ListPage.Entry> entries = listing.page(prefix, limit);
            return new ListPage(entries, listing.more(), environment.wallTime());
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        Keys.checkList(prefix, startAfter, limit);
        try {
            // Everything below a name sorts before the name and '0', the byte after '/'.
            String after = startAfter == null ? null : prefix + startAfter + "0";
            List<String> page = new ArrayList<>();
            for (String name : new Listing(tree, after, (where, container) -> {}).names(prefix)) {
                Listing below = new Listing(tree, null, this::removeIfEmpty);
                if (!below.page(prefix + name + "/", 1).isEmpty()) {
                    if (page.size() == limit) {
                        return new NamesPage(page, true, environment.wallTime());
                    }
                    page.add(name);
                }
            }
            return new NamesPage(page, false, environment.wallTime());
        } catch (IOException failure) {
            throw unreadable(failure);
        }
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            WriteLocks held = locks;
            locks = null;
            if (held != null) {
                held.leave();
            }
        } finally {
            opening.unlock();
        }
    }

    /** Makes the directory a store at the first write. */
    private WriteLocks writer() throws IOException {
        WriteLocks open = locks;
        if (open != null) {
            return open;
        }
        opening.lock();
        try {
            if (closed) {
                throw new IOException("the store " + location() + " was closed");
            }
            WriteLocks joined = locks;
            if (joined == null) {
                directory.create(fsync);
                joined = WriteLocks.join(directory, environment);
                locks = joined;
            }
            return joined;
        } finally {
            opening.unlock();
        }
    }

    private WriteLocks.Held lock(WriteLocks writer, String key) throws IOException, InterruptedException {
        return writer.lock(ObjectTree.prefixOf(key), environment);
    }

    private void removeIfEmpty(String prefix, Path container) {
        WriteLocks writer = locks;
        if (writer == null || container.equals(tree.root())) {
            return; // a reader changes nothing
        }
        try {
            if (ObjectTree.isQuiet(container, environment)) {
                try (WriteLocks.Held _held = writer.lock(prefix, environment)) {
                    tree.removeIfEmpty(container, environment);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException ignored) {
            // It does no harm to leave it.
        }
    }

    private void syncParent(Path path) throws IOException, InterruptedException {
        Path parent = path.getParent();
        if (fsync && parent != null) {
            durability.sync(parent);
        }
    }

    /** What is ours and stands nowhere: a file is used again, all else is deleted. */
    private void leave(@Nullable Path file) {
        WriteLocks writer = locks;
        if (file == null || fsync || writer == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            discard(file);
            return;
        }
        try {
            writer.scratch().give(file);
        } catch (IOException ignored) {
            // It is removed with the writer's directory.
        }
    }

    private static void discard(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException ignored) {
                // Nobody sees it, and it is removed with the writer's directory.
            }
        }
    }

    private RuntimeException unreadable(IOException failure) {
        StoreRefusedException refusal = FileFailures.refusal(directory.root(), "read", failure);
        return refusal != null
                ? refusal
                : new StoreUnavailableException("reading from " + location() + " failed: " + failure + "; try again",
                        failure);
    }
}
