package dev.windlass.local;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.environment.Environment;

/**
 * Where this process writes versions before they are renamed into place: a directory of its own, whose file
 * {@value #ALIVE} it keeps locked. A directory whose file can be locked was left by a process that died, and is
 * removed by the next writer that starts.
 *
 * <p>Files of versions that have been replaced or deleted come here too, to be used again: making and freeing an inode for
 * each version costs several times what all else does (ext4, for one, steps around every inode that was freed in the
 * last seconds). Only for stores that do not sync: until the replacement is on the disk, a power loss brings back the
 * name in its old place.
 */
final class Scratch {

    static final String ALIVE = "alive";
    /** Files of at most this size are used again; and so many of them are kept. */
    static final int SMALL = 8 * 1024;
    static final int MOST_USED = 4_096;
    private static final Duration NEWBORN = Duration.ofMinutes(1);
    /** The directories of this process: opening and closing their lock file would drop their lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final AsynchronousFileChannel alive;
    private final AtomicLong next = new AtomicLong();
    /** The longest unused first, so that whoever still reads one is rarely met. */
    private final Queue<Path> used = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    Scratch(Path writing, Environment environment) throws IOException {
        this.directory = writing.toRealPath().resolve(HexFormat.of().toHexDigits(environment.random().nextLong()));
        OWN.add(directory);
        Files.createDirectory(directory);
        this.alive = AsynchronousFileChannel.open(directory.resolve(ALIVE), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        alive.tryLock();
        removeDead(writing.toRealPath(), environment, NEWBORN);
    }

    /** A name that no other thread or process uses. */
    Path newFile() {
        return directory.resolve(Long.toString(next.getAndIncrement(), 36));
    }

    /** A file that may be overwritten: one that was used before, or a name for a new one. */
    Path takeFile() {
        Path file = used.poll();
        if (file == null) {
            return newFile();
        }
        count.decrementAndGet();
        return file;
    }

    /** A file in this directory that stands nowhere else, to be used again; or to be deleted, if there are enough. */
    void give(Path file) throws IOException {
        if (count.incrementAndGet() > MOST_USED) {
            count.decrementAndGet();
            Files.deleteIfExists(file);
        } else {
            used.add(file);
        }
    }

    /** Makes the directory again, if someone has removed it. */
    void restore() throws IOException {
        Files.createDirectories(directory);
    }

    void close() throws IOException {
        remove(directory);
        alive.close();
        OWN.remove(directory);
    }

    /**
     * Removes what dead writers have left.
     *
     * @param newborn directories younger than this are left alone: their owner may not have locked them yet
     */
    static void removeDead(Path writing, Environment environment, Duration newborn) throws IOException {
        String[] names = StoreDirectory.names(writing);
        if (names == null) {
            return;
        }
        for (String name : names) {
            Path other = writing.resolve(name);
            if (!OWN.contains(other)) {
                removeIfDead(other, environment, newborn);
            }
        }
    }

    private static void removeIfDead(Path other, Environment environment, Duration newborn) {
        try {
            BasicFileAttributes attributes = ObjectFile.attributes(other);
            if (attributes == null
                    || attributes.lastModifiedTime().toInstant().plus(newborn).isAfter(environment.wallTime())) {
                return;
            }
            try (AsynchronousFileChannel lock = AsynchronousFileChannel.open(other.resolve(ALIVE),
                    StandardOpenOption.WRITE)) {
                if (lock.tryLock() != null) {
                    remove(other);
                }
            } catch (NoSuchFileException neverLocked) {
                remove(other);
            }
        } catch (IOException | OverlappingFileLockException ignored) {
            // Leftovers do no harm; the next writer tries again.
        }
    }

    private static void remove(Path directory) throws IOException {
        String[] names = StoreDirectory.names(directory);
        if (names != null) {
            for (String name : names) {
                if (!name.equals(ALIVE)) {
                    Files.deleteIfExists(directory.resolve(name));
                }
            }
            Files.deleteIfExists(directory.resolve(ALIVE));
            Files.deleteIfExists(directory);
        }
    }
}
