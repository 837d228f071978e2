package dev.windlass.local;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * One object on disk. A version is written under a name of its own, and then renamed into its place: what stands there is
 * never changed.
 *
 * <p>It is a file: a header of {@value #HEADER} bytes (magic, time in microseconds, 16 random bytes, a checksum of all
 * that and of the key and the body), then the body. An empty object is a symbolic link to nowhere, whose target has time and
 * random bytes: it is made, version and all, by one atomic system call, and needs no data block.
 *
 * <p>A file that stands nowhere any more may be used again for another version (see {@link Scratch}), also while somebody
 * who opened it before still reads: {@link #readWhole} tells.
 */
final class ObjectFile {

    static final int HEADER = 32;
    private static final int MAGIC = 0x574c4f02;
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

        byte[] header(String key, byte[] body) {
            return ByteBuffer.allocate(HEADER).putInt(MAGIC).putLong(micros()).putLong(high).putLong(low)
                    .putInt(checksum(key, body)).array();
        }

        int checksum(String key, byte[] body) {
            CRC32C sum = new CRC32C();
            sum.update(ByteBuffer.allocate(24).putLong(micros()).putLong(high).putLong(low).flip());
            sum.update(key.getBytes(StandardCharsets.UTF_8));
            sum.update(body);
            return (int) sum.getValue();
        }

        private long micros() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        }

        Path linkTarget() {
            return Path.of(LINK_START + micros() + "." + etag());
        }
    }

    /** A version with its bytes. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Content(Version version, byte[] body) {}

    /** What a header says. */
    private record Header(Version version, int checksum) {
        static @Nullable Header of(byte[] bytes) {
            ByteBuffer fields = ByteBuffer.wrap(bytes);
            if (bytes.length < HEADER || fields.getInt() != MAGIC) {
                return null;
            }
            return new Header(new Version(Instant.EPOCH.plus(fields.getLong(), ChronoUnit.MICROS), fields.getLong(),
                    fields.getLong()), fields.getInt());
        }
    }

    /** The attributes of what stands at a path, without following it; null if nothing does. */
    static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        return path.getFileSystem().provider().readAttributesIfExists(path, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
    }

    static long size(BasicFileAttributes attributes) {
        return attributes.isSymbolicLink() ? 0 : Math.max(0, attributes.size() - HEADER);
    }

    /** Writes a version to a file that stands nowhere: a new one, or one with whatever content. */
    static void write(Path path, String key, Version version, byte[] body, boolean fsync) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] header = version.header(key, body);
            if (body.length <= 64 * 1024) {
                byte[] whole = Arrays.copyOf(header, HEADER + body.length);
                System.arraycopy(body, 0, whole, HEADER, body.length);
                out.write(whole);
            } else {
                out.write(header);
                out.write(body);
            }
            if (out.length() > HEADER + body.length) {
                out.setLength(HEADER + body.length);
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
     * Reads what stands at a path, from anywhere.
     *
     * <p>The file may be replaced, and then be used for another version, between any two bytes that are read here; that
     * version may even be one of this key which never comes to stand here. So the header is read once more by the path:
     * if it is the same, that version stood there then, and the checksum says that all of it was read.
     *
     * @return null if it changed meanwhile: look again
     * @throws java.io.FileNotFoundException if the file is not there any more, or cannot be opened
     * @throws StoreRefusedException if it stands there, and is no version of this key; look again a few times, since it may
     *         have been read half before it was put there
     */
    static @Nullable Content readWhole(Path path, String key, boolean link) throws IOException {
        if (link) {
            Version version = readLink(path);
            return version == null ? null : new Content(version, new byte[0]);
        }
        byte[] whole;
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            whole = in.readAllBytes();
        }
        byte[] again = readHeader(path);
        if (!Arrays.equals(whole, 0, Math.min(HEADER, whole.length), again, 0, again.length)) {
            return null;
        }
        Header header = Header.of(whole);
        byte[] body = header == null ? new byte[0] : Arrays.copyOfRange(whole, HEADER, whole.length);
        if (header == null || header.checksum() != header.version().checksum(key, body)) {
            throw damaged(path, null);
        }
        return new Content(header.version(), body);
    }

    /**
     * Reads which version stands at a path, under the lock of its directory: nobody can replace it.
     *
     * @return null if nothing stands there
     */
    static @Nullable Version readVersion(Path path, boolean link) throws IOException {
        if (link) {
            return readLink(path);
        }
        Header header = Header.of(readHeader(path));
        if (header == null) {
            throw damaged(path, null);
        }
        return header.version();
    }

    private static byte[] readHeader(Path path) throws IOException {
        try (FileInputStream in = new FileInputStream(path.toFile())) {
            return in.readNBytes(HEADER);
        }
    }

    private static @Nullable Version readLink(Path path) throws IOException {
        try {
            return parse(path, Files.readSymbolicLink(path).toString());
        } catch (NoSuchFileException | NotLinkException gone) {
            return null;
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
                + " is damaged: it is not as this store has written it for this key."
                + " A power loss does that to a store with fsync=false, and so does another program; restore the file or"
                + " delete it", cause);
    }
}
