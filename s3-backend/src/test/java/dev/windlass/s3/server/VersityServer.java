package dev.windlass.s3.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * An S3 server for tests: versitygw on a free port of the loopback interface, with data of its own.
 *
 * <p>Most tests want {@link #shared()}: one server a JVM, or the one that runs already at
 * {@code WINDLASS_TEST_S3_ENDPOINT} (with {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY} for it). Tests
 * that stop it take {@link #start()}. Where there is neither a server, nor its binary, nor Go to build it with, the
 * test is skipped with one line that says so; with {@code CI=true} it fails.
 */
public final class VersityServer implements AutoCloseable {
    private static final String ACCESS_KEY = "test";
    private static final String SECRET_KEY = "testtest";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

    private final URI endpoint;
    private final @Nullable Path binary;
    private final @Nullable Path data;
    private @Nullable Process process;

    private VersityServer(URI endpoint, @Nullable Path binary, @Nullable Path data) {
        this.endpoint = endpoint;
        this.binary = binary;
        this.data = data;
    }

    private static final class Shared {
        static final VersityServer SERVER = open();

        private static VersityServer open() {
            String running = System.getenv("WINDLASS_TEST_S3_ENDPOINT");
            if (running != null && !running.isBlank()) {
                return new VersityServer(URI.create(running), null, null);
            }
            return launch();
        }
    }

    /** The server that all tests of this JVM share. It ends with the JVM. Also lets AWS's own chain find its keys. */
    public static VersityServer shared() {
        if (System.getenv("WINDLASS_TEST_S3_ENDPOINT") == null) {
            requireBinary();
        }
        VersityServer server = Shared.SERVER;
        server.provideCredentials();
        return server;
    }

    /** A server of one's own, to be stopped and started. To be closed. */
    public static VersityServer start() {
        requireBinary();
        VersityServer server = launch();
        server.provideCredentials();
        return server;
    }

    /** Its URL. */
    public URI endpoint() {
        return endpoint;
    }

    /** Makes a bucket with a fresh name. */
    public String newBucket() {
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
    public URI storeUri(String bucket, String prefix) {
        return URI.create("s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix) + "?endpoint=" + endpoint
                + "&region=us-east-1");
    }

    /** The environment variables that a child process needs to reach this server. */
    public Map<String, String> environment() {
        return Map.of("S3_ENDPOINT", endpoint.toString(), "S3_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", accessKey(),
                "AWS_SECRET_ACCESS_KEY", secretKey(), "AWS_EC2_METADATA_DISABLED", "true");
    }

    /** A plain client of the SDK, to look and to tamper. To be closed. */
    public S3Client client() {
        return S3Client.builder().endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey(), secretKey())))
                .build();
    }

    /** Ends the process at once, as a crash would. The data stays. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
            process = null;
        }
    }

    /** Starts it again on the same port and data. */
    public void startAgain() {
        if (process == null) {
            run();
        }
    }

    /** Ends the process and deletes the data. */
    @Override
    public void close() {
        kill();
        if (data != null) {
            deleteAll(data);
        }
    }

    private String accessKey() {
        return binary == null ? System.getenv().getOrDefault("AWS_ACCESS_KEY_ID", ACCESS_KEY) : ACCESS_KEY;
    }

    private String secretKey() {
        return binary == null ? System.getenv().getOrDefault("AWS_SECRET_ACCESS_KEY", SECRET_KEY) : SECRET_KEY;
    }

    private void provideCredentials() {
        System.setProperty("aws.accessKeyId", accessKey());
        System.setProperty("aws.secretAccessKey", secretKey());
        System.setProperty("aws.disableEc2Metadata", "true");
    }

    private static VersityServer launch() {
        Path binary = Binary.FOUND.path();
        if (binary == null) {
            throw new IllegalStateException(Binary.FOUND.reason());
        }
        VersityServer server = new VersityServer(URI.create("http://127.0.0.1:" + freePort()), binary, dataDirectory());
        server.run();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    private void run() {
        if (binary == null || data == null) {
            throw new IllegalStateException("this server was not started here: " + endpoint);
        }
        ProcessBuilder command = new ProcessBuilder(binary.toString(), "--port", endpoint.getAuthority(),
                "--keep-alive", "--quiet", "--health", "/health", "--disable-strict-bucket-names", "posix",
                data.resolve("objects").toString());
        command.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
        command.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
        Path log = data.resolve("log.txt");
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Files.createDirectories(data.resolve("objects"));
            Process started = command.start();
            process = started;
            awaitHealth(started, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitHealth(Process started, Path log) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/health")).timeout(Duration.ofSeconds(2))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                try {
                    if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
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
        throw new IllegalStateException("versitygw did not start at " + endpoint + ": " + said);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory where that keeps the extended attributes that the server stores its metadata in. */
    private static Path dataDirectory() {
        for (Path parent : new Path[]{Path.of("/dev/shm"), Path.of("target").toAbsolutePath()}) {
            try {
                if (parent.endsWith("target")) {
                    Files.createDirectories(parent);
                }
                Path directory = Files.createTempDirectory(parent, "windlass-versitygw-");
                try {
                    Files.getFileAttributeView(directory, UserDefinedFileAttributeView.class).write("probe",
                            ByteBuffer.wrap(new byte[]{1}));
                    return directory;
                } catch (IOException | RuntimeException e) {
                    Files.delete(directory);
                }
            } catch (IOException e) {
                // The next one.
            }
        }
        throw new IllegalStateException("neither /dev/shm nor target/ keeps user extended attributes, "
                + "which versitygw needs: run the tests on ext4, xfs or tmpfs");
    }

    private static void deleteAll(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left over: " + directory + ": " + e.getMessage());
        }
    }

    private static void requireBinary() {
        if (Binary.FOUND.path() != null) {
            return;
        }
        String reason = "no S3 server for this test: " + Binary.FOUND.reason();
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason);
        }
        Assumptions.abort(reason);
    }

    /** Where the script put the binary, or why it did not. */
    private record Binary(@Nullable Path path, String reason) {
        static final Binary FOUND = install();

        static {
            if (FOUND.path() == null) {
                System.err.println("no S3 server for tests: " + FOUND.reason());
            }
        }

        private static Binary install() {
            Path script = script();
            if (script == null) {
                return new Binary(null, "there is no .ci/s3-server above " + Path.of("").toAbsolutePath());
            }
            try {
                Path errors = Files.createTempFile("s3-server", ".txt");
                try {
                    Process process = new ProcessBuilder(script.toString(), "versitygw", "install")
                            .redirectError(errors.toFile()).start();
                    String path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                    if (!process.waitFor(INSTALL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                        return new Binary(null, script + " took longer than " + INSTALL_LIMIT);
                    }
                    return process.exitValue() == 0
                            ? new Binary(Path.of(path), "")
                            : new Binary(null, lastLine(Files.readString(errors)));
                } finally {
                    Files.delete(errors);
                }
            } catch (IOException e) {
                return new Binary(null, "could not run " + script + ": " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Binary(null, "interrupted");
            }
        }

        private static @Nullable Path script() {
            for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
                Path script = at.resolve(".ci/s3-server");
                if (Files.isExecutable(script)) {
                    return script;
                }
            }
            return null;
        }

        private static String lastLine(String text) {
            String stripped = text.strip();
            return stripped.substring(stripped.lastIndexOf('\n') + 1);
        }
    }
}
