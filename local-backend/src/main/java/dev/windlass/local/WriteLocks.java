package dev.windlass.local;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;

/**
 * The locks that make a check and the rename after it one step, for all threads of all processes that share a store
 * directory. Objects of one directory share a lock; a lock is held for a few system calls and never over an fsync.
 *
 * <p>A lock is a byte range of one file, so the system frees it when its process dies. Such locks belong to the process
 * and are all gone when it closes <em>any</em> channel on that file: so there is one channel for each store directory
 * in the process, for as long as a store on it is open, and a plain lock for each range among the threads. The
 * channel is an asynchronous one only since an interrupt does not close that.
 */
final class WriteLocks {

    private static final int STRIPES = 1024;
    private static final int SPINS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ConcurrentMap<Path, WriteLocks> OPEN = new ConcurrentHashMap<>();

    private final Path root;
    private final Path file;
    private final AsynchronousFileChannel channel;
    private final @Nullable Object identity;
    private final Scratch scratch;
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
    private final ConcurrentMap<Path, AtomicInteger> created = new ConcurrentHashMap<>();
    private int stores; // guarded by the map's entry
    private volatile boolean closed;

    private WriteLocks(StoreDirectory directory, Path root, Environment environment) throws IOException {
        this.root = root;
        this.file = directory.locks();
        this.channel = AsynchronousFileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        BasicFileAttributes attributes = ObjectFile.attributes(file);
        this.identity = attributes == null ? null : attributes.fileKey();
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
        try {
            this.scratch = new Scratch(directory.writing(), environment);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** The locks of this directory in this process. To be given back by {@link #leave()}. */
    static WriteLocks join(StoreDirectory directory, Environment environment) throws IOException {
        Path root = directory.root().toRealPath();
        IOException[] failure = new IOException[1];
        WriteLocks joined = OPEN.compute(root, (path, found) -> {
            try {
                // A directory that was removed and made again has another lock file: new locks for new stores.
                WriteLocks locks = found == null || !found.isCurrent()
                        ? new WriteLocks(directory, path, environment)
                        : found;
                locks.stores++;
                return locks;
            } catch (IOException refused) {
                failure[0] = refused;
                return found;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return Objects.requireNonNull(joined);
    }

    void leave() {
        OPEN.compute(root, (path, found) -> {
            if (--stores > 0) {
                return found;
            }
            // Closing the channel drops every lock, so nobody may hold one.
            for (ReentrantLock stripe : stripes) {
                stripe.lock();
            }
            try {
                closed = true;
                scratch.close();
                channel.close();
            } catch (IOException ignored) {
                // Nothing was to be written; the system closes it with the process at the latest.
            } finally {
                for (ReentrantLock stripe : stripes) {
                    stripe.unlock();
                }
            }
            return found == this ? null : found;
        });
    }

    Scratch scratch() {
        return scratch;
    }

    /** Whether the lock file still is the one that other processes would open. */
    boolean isCurrent() throws IOException {
        BasicFileAttributes attributes = ObjectFile.attributes(file);
        return attributes != null && Objects.equals(identity, attributes.fileKey());
    }

    /** Counts the objects that this process has made in a directory or bucket; the count starts anew at every hit. */
    boolean createdSoMany(Path container, int count) {
        if (created.size() > 10_000) {
            created.clear();
        }
        AtomicInteger counter = created.computeIfAbsent(container, path -> new AtomicInteger());
        if (counter.incrementAndGet() < count) {
            return false;
        }
        counter.set(0);
        return true;
    }

    /**
     * Waits for the lock of a directory of keys.
     *
     * @throws IOException if another process holds it for very long
     * @throws InterruptedException if the thread is interrupted while it waits for another process
     */
    Held lock(String prefix, Environment environment) throws IOException, InterruptedException {
        int index = Math.floorMod((prefix.hashCode() * 0x9E3779B9) >>> 7, STRIPES);
        ReentrantLock stripe = stripes[index];
        stripe.lock();
        boolean done = false;
        try {
            if (closed) {
                throw new IOException("the store was closed");
            }
            FileLock range = await(index, environment);
            done = true;
            return new Held(stripe, range);
        } finally {
            if (!done) {
                stripe.unlock();
            }
        }
    }

    private FileLock await(int index, Environment environment) throws IOException, InterruptedException {
        long start = 0;
        for (int tries = 0;; tries++) {
            FileLock range = tryRange(index);
            if (range != null) {
                return range;
            }
            if (tries < SPINS) {
                continue;
            }
            long now = environment.nanoTime();
            if (start == 0) {
                start = now;
            } else if (now - start > PATIENCE.toNanos()) {
                throw new IOException(
                        "another process has held byte " + index + " of " + file + " for " + PATIENCE.toSeconds()
                                + " s; is it stopped?");
            }
            int longest = Math.min(1_000, 20 * (tries - SPINS + 1));
            environment.sleep(Duration.ofNanos(1_000L * (20 + environment.random().nextInt(longest))));
        }
    }

    private @Nullable FileLock tryRange(int index) throws IOException {
        try {
            return channel.tryLock(index, 1, false);
        } catch (OverlappingFileLockException heldByAnotherClassLoader) {
            return null;
        }
    }

    /** A lock that is held. */
    static final class Held implements AutoCloseable {
        private final ReentrantLock stripe;
        private final FileLock range;

        Held(ReentrantLock stripe, FileLock range) {
            this.stripe = stripe;
            this.range = range;
        }

        @Override
        public void close() throws IOException {
            try {
                range.release();
            } finally {
                stripe.unlock();
            }
        }
    }
}
