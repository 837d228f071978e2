package dev.windlass.s3.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 server for tests, on a free port of the loopback interface, with data of its own. Each kind of server is a
 * subclass with the same two ways in: {@code shared()}, one server a JVM, which most tests want, and {@code start()} for
 * tests that stop it. Where there is neither the server nor what it is built with, both skip the test with one line that
 * says so; with {@code CI=true} they fail it.
 */
public abstract class S3Server implements AutoCloseable {
    static final String ACCESS_KEY = "test";
    static final String SECRET_KEY = "testtest";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final URI endpoint;
    private final @Nullable Path program;
    private final @Nullable Path data;
    private @Nullable Process process;

    /** A server that runs already, and that this JVM neither starts nor stops. */
    S3Server(URI endpoint) {
        this.endpoint = endpoint;
        this.program = null;
        this.data = null;
    }

    /**
     * A server to be started here.
     *
     * @param program what to run
     * @param data an empty directory of its own, deleted in the end
     */
    S3Server(Path program, Path data) {
        this.endpoint = URI.create("http://127.0.0.1:" + freePort());
        this.program = program;
        this.data = data;
    }

    /** What the server does in its own way. */
    public abstract Traits traits();

    /** The options to start it with. */
    abstract List<String> arguments(Path objects);

    /** The environment variables to start it with. */
    abstract Map<String, String> settings();

    /** A path that is answered, if only with a refusal, as soon as the server takes requests; before that with 5xx at most. */
    abstract String health();

    /** Its URL. */
    public final URI endpoint() {
        return endpoint;
    }

    /** Makes a bucket with a fresh name. */
    public final String newBucket() {
        String name = "test-" + UUID.randomUUID();
        try (S3Client s3 = client()) {
            s3.createBucket(request -> request.bucket(name));
        }
        return name;
    }

    /**
     * The URI of a store in this server.
     *
     * @param bucket from {@link #newBucket()}
     * @param prefix as it stands in a URI
     */
    public final URI storeUri(String bucket, String prefix) {
        return URI.create("s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix) + "?endpoint=" + endpoint
                + "&region=us-east-1");
    }

    /** The environment variables that a child process needs to reach this server. */
    public final Map<String, String> environment() {
        return Map.of("S3_ENDPOINT", endpoint.toString(), "S3_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", accessKey(),
                "AWS_SECRET_ACCESS_KEY", secretKey(), "AWS_EC2_METADATA_DISABLED", "true");
    }

    /** A plain client of the SDK, to look and to tamper. To be closed. */
    public final S3Client client() {
        return S3Client.builder().endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(credentials()).build();
    }

    /** The keys that this server knows. */
    public final StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey(), secretKey()));
    }

    /** Ends the process at once, as a crash would. Whether the data stays is one of the {@link #traits()}. */
    public final void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            process = null;
        }
    }

    /** Starts it again on the same port and data. */
    public final void startAgain() {
        if (process == null) {
            run();
        }
    }

    /** Ends the process and deletes the data. */
    @Override
    public final void close() {
        kill();
        if (data != null) {
            deleteAll(data);
        }
    }

    private String accessKey() {
        return program == null ? System.getenv().getOrDefault("AWS_ACCESS_KEY_ID", ACCESS_KEY) : ACCESS_KEY;
    }

    private String secretKey() {
        return program == null ? System.getenv().getOrDefault("AWS_SECRET_ACCESS_KEY", SECRET_KEY) : SECRET_KEY;
    }

    /** Lets AWS's own chain find the keys in this JVM: they are the same for all servers that are started here. */
    static <S extends S3Server> S withCredentials(S server) {
        System.setProperty("aws.accessKeyId", ((S3Server) server).accessKey());
        System.setProperty("aws.secretAccessKey", ((S3Server) server).secretKey());
        System.setProperty("aws.disableEc2Metadata", "true");
        return server;
    }

    /** Starts it, and sees to it that it ends with this JVM. */
    static <S extends S3Server> S launched(S server) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        ((S3Server) server).run();
        return server;
    }

    private void run() {
        if (program == null || data == null) {
            throw new IllegalStateException("this server was not started here: " + endpoint);
        }
        Path objects = data.resolve("objects");
        Path log = data.resolve("log.txt");
        try {
            Files.createDirectories(objects);
            ProcessBuilder command = new ProcessBuilder(program.toString());
            command.command().addAll(arguments(objects));
            command.environment().putAll(settings());
            command.directory(data.toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Process started = command.start();
            process = started;
            awaitHealth(started, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitHealth(Process started, Path log) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve(health())).timeout(Duration.ofSeconds(2))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                try {
                    if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 500) {
                        return;
                    }
                } catch (IOException e) {
                    // Not yet.
                }
                if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String said = Files.readString(log);
        kill();
        throw new IllegalStateException(program + " did not start at " + endpoint + ": " + said);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteAll(Path directory) {
        if (!Files.exists(directory)) {
            return; // closed before
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left over: " + directory + ": " + e.getMessage());
        }
    }
}
