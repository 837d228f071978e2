package dev.windlass.chaos.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.windlass.chaos.Fault;
import dev.windlass.chaos.FaultCounts;
import dev.windlass.chaos.network.FaultyProxy;
import dev.windlass.chaos.network.Troubles;
import dev.windlass.s3.server.VersityServer;

/** Where the tasks of a run are, and what can be done to it. Closed at the end of the run. */
public sealed interface Place extends AutoCloseable {

    /** What the report calls it. */
    String family();

    /** The store as processes see it: through the proxy, if there is one. */
    String childUri();

    /** The store as it is. */
    String directUri();

    /** Environment variables that processes need. */
    Map<String, String> environment();

    /** Whether a fault can happen here. */
    boolean allows(Fault fault);

    /** Kills the server, leaves it down for a while, and starts it again. */
    void restart(Duration down) throws InterruptedException;

    /** No more trouble for requests from now on. */
    void calm();

    /** Requests that clients sent through the proxy. */
    long requests();

    @Override
    void close() throws IOException;

    /**
     * A directory.
     *
     * @param folder the store's own
     */
    static Place directory(Path folder) {
        return new Directory(folder);
    }

    /**
     * A bucket of a server that is started for it, behind a proxy.
     *
     * @param seed decides the proxy's troubles
     * @param clientTimeout after which clients give a request up
     * @param counts told of faults
     */
    static Place server(long seed, Duration clientTimeout, FaultCounts counts) throws IOException {
        VersityServer server = VersityServer.start();
        try {
            URI endpoint = server.endpoint();
            var troubles = new Troubles(seed, clientTimeout);
            var proxy = new FaultyProxy(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), troubles::next,
                    counts);
            return new Bucket(server, proxy, server.newBucket(), clientTimeout);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** On {@code file:}. */
    final class Directory implements Place {
        private final String uri;

        private Directory(Path folder) {
            this.uri = "file:" + folder;
        }

        @Override
        public String family() {
            return "file:";
        }

        @Override
        public String childUri() {
            return uri;
        }

        @Override
        public String directUri() {
            return uri;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public boolean allows(Fault fault) {
            return !fault.needsServer();
        }

        @Override
        public void restart(Duration down) {
            throw new UnsupportedOperationException("a directory has no server");
        }

        @Override
        public void calm() {
            // nothing stands between
        }

        @Override
        public long requests() {
            return 0;
        }

        @Override
        public void close() {
            // the work folder is deleted as a whole
        }
    }

    /** On {@code s3:}. */
    final class Bucket implements Place {
        private final VersityServer server;
        private final FaultyProxy proxy;
        private final String bucket;
        private final Duration timeout;

        private Bucket(VersityServer server, FaultyProxy proxy, String bucket, Duration timeout) {
            this.server = server;
            this.proxy = proxy;
            this.bucket = bucket;
            this.timeout = timeout;
        }

        @Override
        public String family() {
            return "s3:";
        }

        @Override
        public String childUri() {
            return "s3://" + bucket + "/chaos?region=us-east-1&timeout=" + timeout.toMillis()
                    + "ms&endpoint=http://127.0.0.1:" + proxy.port();
        }

        @Override
        public String directUri() {
            return server.storeUri(bucket, "chaos").toString();
        }

        @Override
        public Map<String, String> environment() {
            return server.environment();
        }

        @Override
        public boolean allows(Fault fault) {
            return true;
        }

        @Override
        public void restart(Duration down) throws InterruptedException {
            server.kill();
            try {
                Thread.sleep(down);
            } finally {
                server.startAgain();
            }
        }

        @Override
        public void calm() {
            proxy.calm();
        }

        @Override
        public long requests() {
            return proxy.requests();
        }

        @Override
        public void close() throws IOException {
            proxy.close();
            server.close();
        }
    }
}
