package dev.windlass.s3;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.testkit.ObjectStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract, on LocalStack in a container: what many users have on their own machines. */
class LocalStackContainerIT extends ObjectStoreContract {
    /** The last image that needs no account. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");
    private static final Map<String, String> BUCKETS = new ConcurrentHashMap<>();

    private static @Nullable LocalStackContainer running;

    @BeforeAll
    static void start() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String reason = "LocalStack is not tested: there is no Docker here";
            System.err.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
        LocalStackContainer container = new LocalStackContainer(IMAGE).withServices("s3");
        container.start();
        running = container;
    }

    @AfterAll
    static void stop() {
        if (running != null) {
            running.stop();
        }
    }

    @Override
    protected ObjectStore open(String place) {
        LocalStackContainer container = running;
        if (container == null) {
            throw new IllegalStateException("not started");
        }
        StaticCredentialsProvider credentials = StaticCredentialsProvider
                .create(AwsBasicCredentials.create(container.getAccessKey(), container.getSecretKey()));
        String bucket = BUCKETS.computeIfAbsent(place, name -> newBucket(container, credentials, name));
        S3Location location = S3Location.parse(
                URI.create("s3://" + bucket + "?region=" + container.getRegion() + "&endpoint="
                        + container.getEndpoint()),
                new StoreSettings(Environment.system(), 32, Map.of()), name -> null);
        return new S3ObjectStore(location,
                S3Clients.open(location, S3Clients.http(location, 32), new ChainCredentials(credentials)),
                Environment.system());
    }

    private static String newBucket(LocalStackContainer container, StaticCredentialsProvider credentials,
            String place) {
        String bucket = "contract-" + place;
        try (S3Client s3 = S3Client.builder().endpointOverride(container.getEndpoint()).forcePathStyle(true)
                .region(Region.of(container.getRegion())).credentialsProvider(credentials).build()) {
            s3.createBucket(request -> request.bucket(bucket));
        }
        return bucket;
    }
}
