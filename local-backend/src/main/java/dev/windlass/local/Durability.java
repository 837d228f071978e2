package dev.windlass.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.windlass.environment.Environment;
import dev.windlass.environment.Monitor;
import org.jspecify.annotations.Nullable;

/**
 * Gets names to the disk: after a rename, the directory is synced. Callers that wait for the same directory share a
 * sync. A directory that this process has not seen before, by its identity and not only by its path, also has its
 * parents synced, up to the root of objects.
 */
final class Durability {

    private static final int REMEMBERED = 100_000;

    private final Environment environment;
    private final Path root;
    private final ConcurrentMap<Path, Group> groups = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, Identity> anchored = new ConcurrentHashMap<>();

    Durability(Environment environment, Path root) {
        this.environment = environment;
        this.root = root;
    }

    private record Identity(@Nullable Object fileKey, Object created) {}

    static void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Returns when what was renamed into, or removed from, this directory before the call is on the disk. */
    void sync(Path directory) throws IOException, InterruptedException {
        try {
            syncShared(directory);
            anchor(directory);
        } catch (NoSuchFileException gone) {
            // Removed since: so whatever was put there was deleted again, and that is what has to last.
            Path parent = directory.getParent();
            if (parent != null && parent.startsWith(root)) {
                sync(parent);
            }
        }
    }

    private void anchor(Path directory) throws IOException, InterruptedException {
        Path path = directory;
        while (!path.equals(root)) {
            BasicFileAttributes attributes = ObjectFile.attributes(path);
            Path parent = path.getParent();
            if (attributes == null || parent == null) {
                throw new NoSuchFileException(path.toString());
            }
            Identity identity = new Identity(attributes.fileKey(), attributes.creationTime());
            if (identity.equals(anchored.get(path))) {
                return;
            }
            syncShared(parent);
            if (anchored.size() >= REMEMBERED) {
                anchored.clear();
            }
            anchored.put(path, identity);
            path = parent;
        }
    }

    private void syncShared(Path directory) throws IOException, InterruptedException {
        Group group = groups.compute(directory, (path, found) -> {
            Group joined = found == null ? new Group(environment.newMonitor()) : found;
            joined.members++;
            return joined;
        });
        try {
            group.sync(directory);
        } finally {
            groups.computeIfPresent(directory, (path, found) -> --found.members == 0 ? null : found);
        }
    }

    /** Those who wait for one directory. */
    private static final class Group {
        private final Monitor monitor;
        private int members; // guarded by the map's entry
        private long asked;
        private long done;
        private boolean running;

        Group(Monitor monitor) {
            this.monitor = monitor;
        }

        void sync(Path directory) throws IOException, InterruptedException {
            long covers;
            monitor.lock();
            try {
                long mine = ++asked;
                while (running && done < mine) {
                    monitor.await();
                }
                if (done >= mine) {
                    return;
                }
                running = true;
                covers = asked;
            } finally {
                monitor.unlock();
            }
            boolean synced = false;
            try {
                syncDirectory(directory);
                synced = true;
            } finally {
                monitor.lock();
                try {
                    running = false;
                    if (synced) {
                        done = Math.max(done, covers);
                    }
                    monitor.signalAll();
                } finally {
                    monitor.unlock();
                }
            }
        }
    }
}
