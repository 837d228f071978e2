package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.windlass.doctor.Checkup;
import dev.windlass.doctor.Doctor;
import dev.windlass.doctor.Verdict;
import dev.windlass.environment.Environment;
import dev.windlass.s3.server.Gofakes3Server;
import dev.windlass.s3.server.S3Server;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A real server that keeps something else than it was given: gofakes3 takes the frame of the checksums, which the SDK
 * puts around bodies unless told otherwise, for a part of the body.
 */
class ChecksumsIT {
    private static final Doctor DOCTOR = Doctor.of(Environment.system()).withRounds(5).withLoad(Duration.ZERO);

    @Test
    void put_withTheSdksOwnChecksums_isKeptWithTheirFrame() {
        S3Server server = Gofakes3Server.shared();
        try (ObjectStore store = withTheSdksDefaults(server, server.newBucket())) {
            store.put("k", "body".getBytes(UTF_8), Precondition.none());
            assertThat(Objects.requireNonNull(store.get("k").object()).body()).asString(UTF_8).contains("body")
                    .contains("x-amz-checksum-");
        }
    }

    @Test
    void doctor_withTheSdksOwnChecksums_refusesTheStore() throws Exception {
        S3Server server = Gofakes3Server.shared();
        String bucket = server.newBucket();
        try (ObjectStore store = withTheSdksDefaults(server, bucket);
                ObjectStore second = withTheSdksDefaults(server, bucket)) {
            Checkup checkup = DOCTOR.examine(store, second);
            assertThat(checkup.fit()).isFalse();
            assertThat(checkup.check("reach").verdict()).isEqualTo(Verdict.BAD);
            assertThat(checkup.check("reach").found()).contains("what was put is not what is read");
            assertThat(checkup.check("reach").remedy()).isNotBlank();
        }
    }

    @Test
    void doctor_withTheBackendsOwnSettings_findsTheSameServerFit() throws Exception {
        S3Server server = Gofakes3Server.shared();
        try (ObjectStore store = new S3ObjectStoreProvider().open(server.storeUri(server.newBucket(), ""),
                settings())) {
            assertThat(DOCTOR.examine(store).checks()).noneMatch(check -> check.verdict() == Verdict.BAD);
        }
    }

    /** The backend, over a client that says nothing of checksums. */
    private static ObjectStore withTheSdksDefaults(S3Server server, String bucket) {
        S3Location location = S3Location.parse(server.storeUri(bucket, ""), settings(), name -> null);
        S3ClientBuilder client = S3Client.builder().endpointOverride(server.endpoint()).forcePathStyle(true)
                .region(Region.US_EAST_1).credentialsProvider(server.credentials());
        return new S3ObjectStore(location, new S3Clients.Connection(client.build(),
                new ChainCredentials(server.credentials()), server.endpoint()), Environment.system());
    }

    private static StoreSettings settings() {
        return new StoreSettings(Environment.system(), Doctor.DEFAULT_CLIENTS, Map.of());
    }
}
