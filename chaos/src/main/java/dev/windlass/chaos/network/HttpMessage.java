package dev.windlass.chaos.network;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A request or an answer of HTTP/1.1 as it came, whole: the head with its empty line, and the body with its framing.
 *
 * @param head the first line and the headers
 * @param body what follows
 * @param last whether the connection ends with it
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record HttpMessage(byte[] head, byte[] body, boolean last) {
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_BODY = 80 * 1024 * 1024;

    /** The next request of a connection, or null if its client has ended it. */
    static @Nullable HttpMessage readRequest(InputStream in) throws IOException {
        byte[] head = readHead(in);
        return head == null ? null : new HttpMessage(head, readBody(in, head, false), closes(head));
    }

    /**
     * The answer to a request.
     *
     * @param method the request's
     * @throws EOFException if the server ends the connection before the whole of it
     */
    static HttpMessage readAnswer(InputStream in, String method) throws IOException {
        byte[] head = readHead(in);
        if (head == null) {
            throw new EOFException("no answer");
        }
        String status = firstLine(head).split(" ", 3)[1];
        if (status.startsWith("1")) {
            return readAnswer(in, method); // 100 Continue: nobody has asked for it
        }
        boolean bare = method.equals("HEAD") || status.equals("204") || status.equals("304");
        boolean framed = header(head, "content-length") != null || header(head, "transfer-encoding") != null;
        byte[] body = bare ? new byte[0] : readBody(in, head, !framed);
        return new HttpMessage(head, body, closes(head) || (!bare && !framed));
    }

    String method() {
        return firstLine(head).split(" ", 2)[0];
    }

    byte[] bytes() {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static String firstLine(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.substring(0, text.indexOf("\r\n"));
    }

    private static boolean closes(byte[] head) {
        return "close".equalsIgnoreCase(header(head, "connection"));
    }

    static @Nullable String header(byte[] head, String name) {
        for (String line : new String(head, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return null;
    }

    private static byte @Nullable [] readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream(512);
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                if (head.size() == 0) {
                    return null;
                }
                throw new EOFException("the head is cut off");
            }
            head.write(next);
            matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
            if (head.size() > LONGEST_HEAD) {
                throw new IOException("the head is longer than " + LONGEST_HEAD + " bytes");
            }
        }
        return head.toByteArray();
    }

    private static byte[] readBody(InputStream in, byte[] head, boolean toTheEnd) throws IOException {
        if (toTheEnd) {
            return in.readAllBytes();
        }
        String coding = header(head, "transfer-encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
            return readChunks(in);
        }
        String length = header(head, "content-length");
        return length == null ? new byte[0] : readExactly(in, Integer.parseInt(length));
    }

    /** With its framing, as it is to be passed on. */
    private static byte[] readChunks(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        while (true) {
            String size = readLine(in, all);
            int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            if (length == 0) {
                while (!readLine(in, all).isEmpty()) {
                    // trailers
                }
                return all.toByteArray();
            }
            all.write(readExactly(in, length));
            all.write(readExactly(in, 2));
        }
    }

    private static String readLine(InputStream in, ByteArrayOutputStream copy) throws IOException {
        var line = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            copy.write(next);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
            next = in.read();
        }
        throw new EOFException("the body is cut off");
    }

    private static byte[] readExactly(InputStream in, int length) throws IOException {
        if (length > LONGEST_BODY) {
            throw new IOException("the body is longer than " + LONGEST_BODY + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the body is cut off");
        }
        return bytes;
    }
}
