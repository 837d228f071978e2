package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on the loopback interface that answers what a test tells it to, byte by byte, and keeps what it was
 * asked.
 */
final class ScriptedServer implements AutoCloseable {
    static final String DATE = "Tue, 15 Jul 2025 10:20:30 GMT";

    /** One answer; what it has written when it returns false is all that the client gets. */
    interface Answer {
        boolean writeAndStay(OutputStream out) throws IOException;
    }

    /** One request as it came; names of headers in lower case. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String method, String path, Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);

    ScriptedServer() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The next requests get these, one each; later ones 500. */
    ScriptedServer then(Answer... answers) {
        script.addAll(List.of(answers));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** Waits for the first request. */
    void awaitRequest() throws InterruptedException {
        asked.await();
    }

    static Answer error(int status, String code, String... headers) {
        return answer(status, "<Error><Code>" + code + "</Code><Message>said the server</Message></Error>", headers);
    }

    static Answer object(String body, String etag) {
        return answer(200, body, "ETag", etag, "Last-Modified", "Tue, 15 Jul 2025 10:20:29 GMT", "Date", DATE);
    }

    static Answer stored(String etag) {
        return answer(200, "", "ETag", etag, "Date", DATE);
    }

    static Answer answer(int status, String body, String... headers) {
        return out -> {
            byte[] content = body.getBytes(UTF_8);
            out.write(head(status, content.length, headers));
            out.write(content);
            return true;
        };
    }

    /** Takes the request, answers nothing, and closes the connection. */
    static Answer hangUp() {
        return out -> false;
    }

    /** Closes the connection in the middle of the status line. */
    static Answer brokenHead() {
        return out -> {
            out.write("HTTP/1.1 2".getBytes(ISO_8859_1));
            return false;
        };
    }

    /** Closes the connection in the middle of the body. */
    static Answer brokenObject() {
        return out -> {
            out.write(head(200, 1000, "ETag", "\"e\"", "Last-Modified", DATE, "Date", DATE));
            out.write(new byte[10]);
            return false;
        };
    }

    /** Answers nothing, and keeps the connection open. */
    static Answer silence() {
        return out -> true;
    }

    private static byte[] head(int status, int length, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Text\r\nContent-Type: application/xml\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return head.append("Content-Length: ").append(length).append("\r\n\r\n").toString().getBytes(ISO_8859_1);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean stay = true;
            while (stay) {
                String first = line(in);
                if (first.isEmpty()) {
                    return;
                }
                Map<String, String> headers = new TreeMap<>();
                for (String line = line(in); !line.isEmpty(); line = line(in)) {
                    int colon = line.indexOf(':');
                    headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
                }
                byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                List<String> words = List.of(first.split(" ", -1));
                requests.add(new Request(words.get(0), words.get(1), headers, body));
                asked.countDown();
                Answer answer = script.poll();
                stay = (answer == null ? error(500, "ScriptIsOver") : answer).writeAndStay(out);
                out.flush();
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != -1 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.close();
    }
}
