package dev.windlass.chaos.network;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.windlass.chaos.Fault;
import dev.windlass.chaos.FaultCounts;
import org.jspecify.annotations.Nullable;

/**
 * Stands between clients and an HTTP server, on the loopback interface, and passes requests and answers on, except those
 * that get into trouble. A fault is counted when it has happened: a drop after the server only with the server's answer in
 * hand. Safe for use by any number of threads.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int SERVER_LIMIT_MILLIS = 30_000;

    private final InetSocketAddress server;
    private final Function<String, Troubles.Trouble> troubles;
    private final FaultCounts counts;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicInteger cutsOwed = new AtomicInteger();
    private volatile boolean calm;

    /**
     * Starts one on a free port.
     *
     * @param server where requests go
     * @param troubles asked once for each request, by its method
     * @param counts told of each fault that has happened
     */
    public FaultyProxy(InetSocketAddress server, Function<String, Troubles.Trouble> troubles, FaultCounts counts)
            throws IOException {
        this.server = server;
        this.troubles = troubles;
        this.counts = counts;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The requests that clients have sent so far. */
    public long requests() {
        return requests.get();
    }

    /** No more troubles for requests from now on. Those that are delayed already stay so. */
    public void calm() {
        calm = true;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("proxy-connection").start(() -> serve(client));
            } catch (IOException e) {
                // closed, or that client has gone already
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client; var upstream = new Upstream()) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            HttpMessage request = HttpMessage.readRequest(in);
            while (request != null && pass(request, client, upstream)) {
                request = HttpMessage.readRequest(in);
            }
        } catch (IOException e) {
            // one of the two has gone: both connections end, as without a proxy
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    /** Passes a request and its answer on; false if the connection ends. */
    private boolean pass(HttpMessage request, Socket client, Upstream upstream)
            throws IOException, InterruptedException {
        requests.incrementAndGet();
        Troubles.Trouble trouble = calm ? Troubles.Trouble.NONE : troubles.apply(request.method());
        Fault fault = trouble.fault();
        if (fault == Fault.DROP_BEFORE) {
            counts.add(fault);
            return false;
        }
        if (fault == Fault.TRUNCATE_REQUEST) {
            cutsOwed.incrementAndGet(); // to the next request that has a body, which may be this one
        }
        if (fault != Fault.RESET && request.body().length > 1 && takeCut()) {
            upstream.send(request.bytes(), request.head().length + request.body().length / 2);
            counts.add(Fault.TRUNCATE_REQUEST);
            return false;
        }
        Thread.sleep(trouble.delay());
        byte[] bytes = request.bytes();
        upstream.send(bytes, bytes.length);
        if (fault == Fault.RESET) {
            client.setSoLinger(true, 0); // so that closing it resets it
            client.close();
            counts.add(fault);
            upstream.awaitAnswer(request.method()); // the server works as for any other request
            return false;
        }
        HttpMessage answer = upstream.answer(request.method());
        if (fault == Fault.DROP_AFTER) {
            counts.add(fault);
            return false;
        }
        byte[] back = answer.bytes();
        if (fault == Fault.TRUNCATE_RESPONSE) {
            int part = answer.body().length > 1
                    ? answer.head().length + answer.body().length / 2
                    : answer.head().length / 2;
            client.getOutputStream().write(back, 0, part);
            client.getOutputStream().flush();
            counts.add(fault);
            return false;
        }
        if (fault == Fault.LATE) {
            counts.add(fault); // the server has answered, and its client's time was over before
        }
        client.getOutputStream().write(back);
        client.getOutputStream().flush();
        if (fault == Fault.DELAY) {
            counts.add(fault);
        }
        return !answer.last() && !request.last();
    }

    private boolean takeCut() {
        return !calm && cutsOwed.getAndUpdate(owed -> Math.max(0, owed - 1)) > 0;
    }

    /** The connection to the server that belongs to one of a client's. */
    private final class Upstream implements AutoCloseable {
        private @Nullable Socket socket;
        private @Nullable InputStream in;

        void send(byte[] bytes, int length) throws IOException {
            Socket to = socket;
            if (to == null) {
                to = new Socket();
                socket = to;
                open.add(to);
                to.setTcpNoDelay(true);
                to.setSoTimeout(SERVER_LIMIT_MILLIS);
                to.connect(server, SERVER_LIMIT_MILLIS);
                in = new BufferedInputStream(to.getInputStream());
            }
            to.getOutputStream().write(bytes, 0, length);
            to.getOutputStream().flush();
        }

        HttpMessage answer(String method) throws IOException {
            InputStream from = in;
            if (from == null) {
                throw new IOException("nothing was asked");
            }
            return HttpMessage.readAnswer(from, method);
        }

        void awaitAnswer(String method) throws IOException {
            HttpMessage unread = answer(method);
            if (unread.last()) {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            Socket to = socket;
            if (to != null) {
                open.remove(to);
                to.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
