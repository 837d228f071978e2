package dev.windlass.cli.probe;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;

/**
 * A small HTTP server: {@code /metrics} in Prometheus's text form, {@code /live} and {@code /ready} with 200 or 503 and one
 * line that says why. Each request on a thread of its own, so that one that hangs holds up no other.
 */
public final class ProbeServer implements AutoCloseable {
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MOST = 65_535;

    private final HttpServer server;
    private final String host;

    private ProbeServer(HttpServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /** @throws InvalidInputException if it is no port */
    public static void checkPort(int port) {
        if (port < 0 || port > MOST) {
            throw new InvalidInputException(
                    "The metrics port is " + port + ". Use 0 (any that is free) to " + MOST + ".");
        }
    }

    /**
     * Starts it.
     *
     * @param host the address to listen on, or a name that resolves to one
     * @param port the port, 0 for any that is free
     * @param metrics the text of {@code /metrics}
     * @param probe answers the other two
     * @throws InvalidInputException if the address is not this machine's, or the port is taken
     */
    public static ProbeServer start(Environment environment, String host, int port, Supplier<String> metrics,
            WorkerProbe probe) {
        checkPort(port);
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        } catch (UnknownHostException e) {
            throw new InvalidInputException("The metrics host \"" + host
                    + "\" is not known. Use an address of this machine, such as 127.0.0.1 or 0.0.0.0.", e);
        } catch (BindException e) {
            throw new InvalidInputException("The metrics port " + port + " on " + host + " cannot be listened on ("
                    + e.getMessage() + "). Use another port, or 0 for any that is free; is the address this machine's?",
                    e);
        } catch (IOException e) {
            throw new InvalidInputException("The metrics port " + port + " on " + host + " cannot be listened on: "
                    + e.getMessage() + ". Use another port, or 0 for any that is free.", e);
        }
        server.createContext("/", exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> answer(exchange, 200, PROMETHEUS, metrics.get());
                case "/live" -> answer(exchange, probe.live());
                case "/ready" -> answer(exchange, probe.ready());
                default -> answer(exchange, 404, PLAIN, "There are /metrics, /live and /ready.\n");
            }
        });
        server.setExecutor(request -> environment.start("windlass-http", request));
        server.start();
        return new ProbeServer(server, host);
    }

    private static void answer(HttpExchange exchange, Verdict verdict) throws IOException {
        answer(exchange, verdict.well() ? 200 : 503, PLAIN, verdict.reason() + '\n');
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            if (!head && !method.equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(code, head ? -1 : body.length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    /** Where it listens, as {@code http://host:port}. */
    public String address() {
        String shown = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
        return "http://" + shown + ':' + server.getAddress().getPort();
    }

    /** Stops listening, and cuts off what has not been answered. */
    @Override
    public void close() {
        server.stop(0);
    }
}
