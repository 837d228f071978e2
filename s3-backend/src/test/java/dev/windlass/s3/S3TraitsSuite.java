package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.windlass.environment.Environment;
import dev.windlass.s3.server.S3Server;
import dev.windlass.store.GetResult;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a server does in its own way: as it states, and the backend bears it. */
abstract class S3TraitsSuite {

    /** The server that all tests of the class share. */
    abstract S3Server server();

    /** A server of one's own. */
    abstract S3Server startServer();

    /** Both answers are in use, and both mean that the swap is lost. */
    @Test
    void put_ifMatchOnAMissingKey_isAConflictWhateverTheStatus() {
        S3Server server = server();
        String bucket = server.newBucket();
        try (ObjectStore store = open(server.storeUri(bucket, "")); S3Client s3 = server.client()) {
            String etag = applied(store.put("there", "one".getBytes(UTF_8), Precondition.ifAbsent())).etag();
            assertThat(store.put("not-there", "two".getBytes(UTF_8), Precondition.ifMatch(etag)))
                    .isInstanceOf(PutResult.Conflict.class);
            assertThat(store.get("not-there").object()).isNull();
            assertThatThrownBy(() -> s3.putObject(request -> request.bucket(bucket).key("not-there").ifMatch(etag),
                    RequestBody.fromString("two")))
                    .isInstanceOfSatisfying(S3Exception.class, refusal -> assertThat(refusal.statusCode())
                            .as("as stated").isEqualTo(server.traits().missingKeyStatus()));
        }
    }

    /** None of them is to be relied on, and so the backend asks none for it. */
    @Test
    void delete_ifMatchOfAnotherVersion_isNotOffered() {
        S3Server server = server();
        String bucket = server.newBucket();
        try (ObjectStore store = open(server.storeUri(bucket, "")); S3Client s3 = server.client()) {
            String first = applied(store.put("k", "one".getBytes(UTF_8), Precondition.ifAbsent())).etag();
            applied(store.put("k", "two".getBytes(UTF_8), Precondition.ifMatch(first)));
            assertThat(store.capabilities().conditionalDelete()).isFalse();
            assertThatThrownBy(() -> store.delete("k", first)).isInstanceOf(UnsupportedOperationException.class);
            assertThat(object(store.get("k")).body()).asString(UTF_8).isEqualTo("two");

            int status = 204;
            try {
                s3.deleteObject(request -> request.bucket(bucket).key("k").ifMatch(first));
            } catch (S3Exception refusal) {
                status = refusal.statusCode();
            }
            boolean gone = store.get("k").object() == null;
            switch (server.traits().conditionalDelete()) {
                case CHECKED -> assertThat(List.of(status, gone)).as("as stated").isEqualTo(List.of(412, false));
                case IGNORED -> assertThat(List.of(status, gone)).as("as stated").isEqualTo(List.of(204, true));
                case NOT_IMPLEMENTED -> assertThat(List.of(status, gone)).as("as stated")
                        .isEqualTo(List.of(501, false));
            }
        }
    }

    @Test
    void everyRequest_wrongCredentials_saysWhich() {
        S3Server server = server();
        URI uri = server.storeUri(server.newBucket(), "");
        if (!server.traits().checksCredentials()) {
            try (ObjectStore store = withKeys(uri, "nobody", "wrong")) {
                assertThat(store.get("k").object()).as("what anybody may read").isNull();
            }
            return;
        }
        try (ObjectStore store = withKeys(uri, "nobody", "wrong")) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("AWS_ACCESS_KEY_ID");
        }
        try (ObjectStore store = withKeys(uri, "test", "wrong")) {
            assertThatThrownBy(() -> store.put("k", new byte[0], Precondition.none()))
                    .isInstanceOf(StoreRefusedException.class).hasMessageContaining("AWS_SECRET_ACCESS_KEY");
        }
    }

    @Test
    void everyRequest_serverKilledAndStartedAgain_losesNothingThatItPromisesToKeep() {
        try (S3Server server = startServer();
                ObjectStore store = open(server.storeUri(server.newBucket(), ""))) {
            applied(store.put("k", "kept".getBytes(UTF_8), Precondition.ifAbsent()));
            server.kill();
            assertThat(store.put("k2", new byte[0], Precondition.ifAbsent())).isInstanceOf(PutResult.Unknown.class);
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining(server.endpoint().toString());
            server.startAgain();
            if (server.traits().keepsDataWhenKilled()) {
                assertThat(object(store.get("k")).body()).asString(UTF_8).isEqualTo("kept");
            } else {
                assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("NoSuchBucket");
            }
        }
    }

    static ObjectStore open(URI uri) {
        return new S3ObjectStoreProvider().open(uri, settings());
    }

    private static ObjectStore withKeys(URI uri, String id, String secret) {
        S3Location location = S3Location.parse(uri, settings(), name -> null);
        ChainCredentials credentials = new ChainCredentials(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)));
        return new S3ObjectStore(location, S3Clients.open(location, S3Clients.http(location, 8), credentials),
                Environment.system());
    }

    private static StoreSettings settings() {
        return new StoreSettings(Environment.system(), 64, Map.of());
    }

    static PutResult.Applied applied(PutResult result) {
        assertThat(result).isInstanceOf(PutResult.Applied.class);
        return (PutResult.Applied) result;
    }

    static StoredObject object(GetResult result) {
        return Objects.requireNonNull(result.object());
    }
}
