package dev.windlass.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

/** Compresses by gzip what is worth it. */
final class GzipCodec implements PayloadCodec {
    /** The only one. */
    static final GzipCodec INSTANCE = new GzipCodec();
    private static final int SMALLEST = 1024;
    /** A value has no more. */
    private static final int LARGEST = 64 * 1024 * 1024;
    /** Below the body of a task, what is encoded stands as base 64, which is longer by a third. */
    private static final double WORTH = 0.7;

    private GzipCodec() {
    }

    @Override
    public String name() {
        return "gzip";
    }

    @Override
    public byte @Nullable [] encode(byte[] json, Payload of) throws IOException {
        if (json.length < SMALLEST) {
            return null;
        }
        var bytes = new ByteArrayOutputStream(json.length / 2);
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(json);
        }
        return bytes.size() > json.length * WORTH ? null : bytes.toByteArray();
    }

    @Override
    public byte[] decode(byte[] encoded, Payload of) throws IOException {
        try (var zip = new GZIPInputStream(new ByteArrayInputStream(encoded))) {
            byte[] json = zip.readNBytes(LARGEST + 1);
            if (json.length > LARGEST) {
                throw new IOException("it has more than 64 MiB");
            }
            return json;
        }
    }
}
