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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.windlass.environment.Environment;

/**
 * Where this process writes versions before they are renamed into place: a directory of its own, whose file
 * {@value #ALIVE} it keeps locked. A directory whose file can be locked was left by a process that died, and is
 * removed by the next writer that starts.
 */
final class Scratch {

    static final String ALIVE = "alive";
    private static final Duration NEWBORN = Duration.ofMinutes(1);
    /** The directories of this process: opening and closing their lock file would drop their lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final AsynchronousFileChannel alive;
    private final AtomicLong next = new AtomicLong();

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
