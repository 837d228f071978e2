package dev.windlass.local;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * One object on disk. A version is written once, under a name of its own, and then renamed into its place: what stands
 * there is never changed.
 *
 * <p>An object with a body is a file: a header of {@value #HEADER} bytes (magic, time in microseconds, 16 random bytes),
 * then the body. An empty object is a symbolic link to nowhere, whose target has the same: it is made, version and all,
 * by one atomic system call, and needs no data block.
 */
final class ObjectFile {

    static final int HEADER = 28;
    private static final int MAGIC = 0x574c4f01;
    private static final String LINK_START = "^~";

    private ObjectFile() {
    }

    /** The name of a version. */
    record Version(Instant time, long high, long low) {
        static Version next(Instant now, RandomGenerator random) {
            return new Version(now.truncatedTo(ChronoUnit.MICROS), random.nextLong(), random.nextLong());
        }

        String etag() {
            HexFormat hex = HexFormat.of();
            return hex.toHexDigits(high) + hex.toHexDigits(low);
        }

        byte[] header() {
            return ByteBuffer.allocate(HEADER).putInt(MAGIC).putLong(ChronoUnit.MICROS.between(Instant.EPOCH, time))
                    .putLong(high)
                    .putLong(low).array();
        }

        Path linkTarget() {
            return Path.of(LINK_START + ChronoUnit.MICROS.between(Instant.EPOCH, time) + "." + etag());
        }
    }

    /** A version with its bytes, which are empty if they were not asked for. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Content(Version version, byte[] body) {}

    /** The attributes of what stands at a path, without following it; null if nothing does. */
    static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        return path.getFileSystem().provider().readAttributesIfExists(path, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
    }

    static long size(BasicFileAttributes attributes) {
        return attributes.isSymbolicLink() ? 0 : Math.max(0, attributes.size() - HEADER);
    }

    /** Writes a version with a body to a new file. */
    static void write(Path path, Version version, byte[] body, boolean fsync) throws IOException {
        try (FileOutputStream out = new FileOutputStream(path.toFile())) {
            byte[] header = version.header();
            if (body.length <= 64 * 1024) {
                byte[] whole = new byte[HEADER + body.length];
                System.arraycopy(header, 0, whole, 0, HEADER);
                System.arraycopy(body, 0, whole, HEADER, body.length);
                out.write(whole);
            } else {
                out.write(header);
                out.write(body);
            }
            if (fsync) {
                out.getFD().sync();
            }
        }
    }

    /** Makes an empty version. */
    static void writeEmpty(Path path, Version version) throws IOException {
        Files.createSymbolicLink(path, version.linkTarget());
    }

    /**
     * Reads what stands at a path.
     *
     * @return null if nothing stands there any more, or something of another kind: look again
     * @throws java.io.FileNotFoundException if the file is not there any more, or cannot be opened
     */
    static @Nullable Content read(Path path, boolean link, boolean withBody) throws IOException {
        if (link) {
            try {
                return new Content(parse(path, Files.readSymbolicLink(path).toString()), new byte[0]);
            } catch (NoSuchFileException | NotLinkException gone) {
                return null;
            }
        }
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            byte[] header = in.readNBytes(HEADER);
            if (header.length < HEADER) {
                throw damaged(path, null);
            }
            ByteBuffer fields = ByteBuffer.wrap(header);
            if (fields.getInt() != MAGIC) {
                throw damaged(path, null);
            }
            Version version = new Version(Instant.EPOCH.plus(fields.getLong(), ChronoUnit.MICROS), fields.getLong(),
                    fields.getLong());
            return new Content(version, withBody ? in.readAllBytes() : new byte[0]);
        }
    }

    private static Version parse(Path path, String target) {
        int dot = target.indexOf('.');
        try {
            if (target.startsWith(LINK_START) && dot > 0 && target.length() == dot + 33) {
                return new Version(Instant.EPOCH.plus(Long.parseLong(target.substring(2, dot)), ChronoUnit.MICROS),
                        HexFormat.fromHexDigitsToLong(target, dot + 1, dot + 17),
                        HexFormat.fromHexDigitsToLong(target, dot + 17, dot + 33));
            }
        } catch (NumberFormatException notOurs) {
            throw damaged(path, notOurs);
        }
        throw damaged(path, null);
    }

    private static StoreRefusedException damaged(Path path, @Nullable Exception cause) {
        return new StoreRefusedException("the object in " + path
                + " is damaged: it does not begin as this store writes it."
                + " A power loss does that to a store with fsync=false, and so does another program; restore the file or"
                + " delete it", cause);
    }
}
