package dev.windlass.chaos.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import dev.windlass.chaos.Fault;
import dev.windlass.chaos.FaultCounts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault, on real sockets: what the client sees, what the server saw, and that only what happened is counted. */
@Timeout(60)
class FaultyProxyTest {
    private static final String ANSWER = "the whole answer";

    private final FaultCounts counts = new FaultCounts();
    private final Queue<Troubles.Trouble> planned = new ArrayDeque<>();
    private final BlockingQueue<String> served = new LinkedBlockingQueue<>();
    @SuppressWarnings("NullAway.Init") // set before each test
    private HttpServer server;
    @SuppressWarnings("NullAway.Init") // set before each test
    private FaultyProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            served.add(exchange.getRequestMethod() + " " + new String(body, StandardCharsets.UTF_8));
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            // A length of 0 makes the server send chunks.
            exchange.sendResponseHeaders(200, exchange.getRequestURI().getPath().equals("/chunks") ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        proxy = new FaultyProxy(server.getAddress(), method -> trouble(), counts);
    }

    private Troubles.Trouble trouble() {
        Troubles.Trouble next = planned.poll();
        return next == null ? Troubles.Trouble.NONE : next;
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String path, String body) throws IOException {
        socket.getOutputStream().write(("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
    }

    /** What comes back until the connection ends; with "reset" at the end if it is reset. */
    private String exchange(String body) throws IOException {
        try (Socket socket = connect()) {
            send(socket, "/", body);
            var got = new StringBuilder();
            try {
                int next = socket.getInputStream().read();
                while (next >= 0) {
                    got.append((char) next);
                    if (got.toString().endsWith(ANSWER)) {
                        return got.toString();
                    }
                    next = socket.getInputStream().read();
                }
            } catch (SocketException e) {
                got.append("reset");
            }
            return got.toString();
        }
    }

    private void plan(Fault fault, Duration delay) {
        planned.add(new Troubles.Trouble(fault, delay));
    }

    /** Counted by the proxy's thread, perhaps once the client has its answer. */
    private void requireOne(Fault fault) {
        while (counts.of(fault) == 0) {
            Thread.onSpinWait();
        }
        assertThat(counts.of(fault)).isEqualTo(1);
    }

    private String awaitServed() throws InterruptedException {
        return String.valueOf(served.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void pass_noTrouble_keepsTheConnectionAndPassesChunksOn() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                send(socket, "/chunks", "body " + i);
                HttpMessage answer = HttpMessage.readAnswer(socket.getInputStream(), "PUT");
                assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(ANSWER);
            }
        }
        assertThat(served).containsExactly("PUT body 0", "PUT body 1", "PUT body 2");
        assertThat(counts.all().values()).containsOnly(0L);
        assertThat(proxy.requests()).isEqualTo(3);
    }

    @Test
    void dropBefore_request_neverReachesTheServer() throws IOException {
        plan(Fault.DROP_BEFORE, Duration.ZERO);

        assertThat(exchange("lost")).isEmpty();
        assertThat(exchange("next")).endsWith(ANSWER);
        assertThat(served).containsExactly("PUT next");
        requireOne(Fault.DROP_BEFORE);
    }

    @Test
    void dropAfter_request_reachesTheServerAndIsNotAnswered() throws IOException {
        plan(Fault.DROP_AFTER, Duration.ZERO);

        assertThat(exchange("landed")).isEmpty();
        assertThat(served).containsExactly("PUT landed");
        requireOne(Fault.DROP_AFTER);
    }

    @Test
    void truncateRequest_body_reachesTheServerInPart() throws IOException {
        plan(Fault.TRUNCATE_REQUEST, Duration.ZERO);

        assertThat(exchange("0123456789")).isEmpty();
        assertThat(exchange("next")).endsWith(ANSWER);
        assertThat(served).doesNotContain("PUT 0123456789").contains("PUT next");
        requireOne(Fault.TRUNCATE_REQUEST);
    }

    @Test
    void truncateRequest_withoutABody_hitsTheNextThatHasOne() throws IOException {
        plan(Fault.TRUNCATE_REQUEST, Duration.ZERO);

        assertThat(exchange("")).endsWith(ANSWER);
        assertThat(counts.of(Fault.TRUNCATE_REQUEST)).isZero();
        assertThat(exchange("0123456789")).isEmpty();
        requireOne(Fault.TRUNCATE_REQUEST);
        assertThat(exchange("0123456789")).endsWith(ANSWER);
    }

    @Test
    void truncateResponse_answer_endsWithinItsBody() throws IOException {
        plan(Fault.TRUNCATE_RESPONSE, Duration.ZERO);

        assertThat(exchange("landed")).startsWith("HTTP/1.1 200").endsWith(ANSWER.substring(0, ANSWER.length() / 2));
        assertThat(served).containsExactly("PUT landed");
        requireOne(Fault.TRUNCATE_RESPONSE);
    }

    @Test
    void reset_connection_isResetAndTheRequestLands() throws IOException, InterruptedException {
        plan(Fault.RESET, Duration.ZERO);

        assertThat(exchange("landed")).isEqualTo("reset");
        assertThat(awaitServed()).isEqualTo("PUT landed");
        requireOne(Fault.RESET);
    }

    @Test
    void delay_request_isAnsweredLater() throws IOException {
        plan(Fault.DELAY, Duration.ofMillis(120));
        long start = System.nanoTime();

        assertThat(exchange("late")).endsWith(ANSWER);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
        requireOne(Fault.DELAY);
    }

    @Test
    void late_clientThatHasGone_landsAllTheSame() throws IOException, InterruptedException {
        plan(Fault.LATE, Duration.ofMillis(200));
        try (Socket socket = connect()) {
            send(socket, "/", "given up");
        }

        assertThat(awaitServed()).isEqualTo("PUT given up");
        requireOne(Fault.LATE);
    }

    @Test
    void dropAfter_serverThatIsDown_isNotCounted() throws IOException {
        int nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        proxy.close();
        proxy = new FaultyProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody), method -> trouble(),
                counts);
        for (Fault fault : new Fault[]{Fault.DROP_AFTER, Fault.TRUNCATE_RESPONSE, Fault.DELAY, Fault.LATE, Fault.RESET,
            Fault.TRUNCATE_REQUEST}) {
            plan(fault, Duration.ZERO);
            assertThat(exchange("nowhere")).as(fault.name()).isEmpty();
        }

        assertThat(counts.all().values()).containsOnly(0L);
    }

    @Test
    void calm_fromThenOn_nothingHappens() throws IOException {
        plan(Fault.DROP_BEFORE, Duration.ZERO);
        proxy.calm();

        assertThat(exchange("through")).endsWith(ANSWER);
    }

    @Test
    void draws_sameSeed_areTheSameAndOfEveryKind() {
        var one = new Troubles(5, Duration.ofSeconds(4));
        var two = new Troubles(5, Duration.ofSeconds(4));
        var seen = new HashSet<Fault>();
        for (int i = 0; i < 5_000; i++) {
            Troubles.Trouble drawn = one.next(i % 2 == 0 ? "GET" : "PUT");
            assertThat(two.next(i % 2 == 0 ? "GET" : "PUT")).isEqualTo(drawn);
            if (drawn.fault() != null) {
                seen.add(drawn.fault());
            }
            if (drawn.fault() == Fault.LATE) {
                assertThat(drawn.delay()).isGreaterThan(Duration.ofSeconds(4));
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Fault.DELAY, Fault.LATE, Fault.DROP_BEFORE, Fault.DROP_AFTER,
                Fault.TRUNCATE_REQUEST, Fault.TRUNCATE_RESPONSE, Fault.RESET);
    }
}
