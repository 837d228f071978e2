package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.windlass.environment.Environment;
import dev.windlass.s3.ScriptedServer.Answer;
import dev.windlass.store.GetResult;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoreUnavailableException;
import dev.windlass.store.StoredObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What each answer, and each way of not answering, comes to. */
class S3FailuresTest {
    private static final byte[] BODY = "{}".getBytes(UTF_8);
    private static final Instant STORE_TIME = Instant.parse("2025-07-15T10:20:30Z");

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void put_412_isConflictWithStoreTime() {
        server.then(ScriptedServer.error(412, "PreconditionFailed", "Date", ScriptedServer.DATE));
        assertThat(put(Precondition.ifAbsent())).isEqualTo(new PutResult.Conflict(STORE_TIME));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void put_ifMatchOnMissingKey_isConflict() {
        server.then(ScriptedServer.error(404, "NoSuchKey", "Date", ScriptedServer.DATE));
        assertThat(put(Precondition.ifMatch("\"e\""))).isEqualTo(new PutResult.Conflict(STORE_TIME));
    }

    @Test
    void put_accepted_isAppliedWithEtagAndStoreTime() {
        server.then(ScriptedServer.stored("\"e1\""));
        assertThat(put(Precondition.ifMatch("\"e\""))).isEqualTo(new PutResult.Applied("\"e1\"", STORE_TIME));
        ScriptedServer.Request request = server.requests().getFirst();
        assertThat(request.path()).isEqualTo("/bucket/team/a/b.json");
        assertThat(request.header("If-Match")).isEqualTo("\"e\"");
        assertThat(request.header("Expect")).isEmpty();
        assertThat(request.header("Transfer-Encoding")).isEmpty();
        assertThat(request.header("Content-Encoding")).isEmpty();
        assertThat(request.headers().keySet())
                .noneMatch(name -> name.startsWith("x-amz-checksum"));
        assertThat(request.body()).isEqualTo(BODY);
    }

    @ParameterizedTest
    @CsvSource({"409,ConditionalRequestConflict", "409,OperationAborted", "500,InternalError", "502,BadGateway",
        "503,SlowDown", "503,ServiceUnavailable", "504,GatewayTimeout", "400,RequestTimeout", "429,TooManyRequests",
        "403,RequestTimeTooSkewed"})
    void put_answerThatSaysNothing_isUnknownAfterOneRequest(int status, String code) {
        server.then(ScriptedServer.error(status, code), ScriptedServer.stored("\"second\""));
        assertThat(put(Precondition.ifAbsent())).isInstanceOf(PutResult.Unknown.class);
        assertThat(server.requests()).hasSize(1);
    }

    static List<Answer> brokenAnswers() {
        return List.of(ScriptedServer.hangUp(), ScriptedServer.brokenHead());
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void put_connectionClosedWithoutAnswer_isUnknownAfterOneRequest(Answer broken) {
        server.then(ScriptedServer.stored("\"warm\""), broken, ScriptedServer.stored("\"third\""));
        try (S3ObjectStore store = store("")) {
            assertThat(store.put("a/b.json", BODY, Precondition.none())).isInstanceOf(PutResult.Applied.class);
            assertThat(store.put("a/b.json", BODY, Precondition.none())).isInstanceOf(PutResult.Unknown.class);
        }
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void put_noAnswer_isUnknownAtTheTimeout() {
        server.then(ScriptedServer.silence());
        try (S3ObjectStore store = store("&timeout=300ms")) {
            PutResult result = store.put("a/b.json", BODY, Precondition.ifAbsent());
            assertThat(result).isInstanceOfSatisfying(PutResult.Unknown.class,
                    unknown -> assertThat(unknown.cause()).hasMessageContaining("whether it landed is not known"));
        }
        assertThat(server.requests()).hasSize(1);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void put_threadInterrupted_isUnknownWithFlagSet() throws InterruptedException {
        server.then(ScriptedServer.silence());
        CompletableFuture<PutResult> result = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        try (S3ObjectStore store = store("")) {
            Thread thread = Thread.ofVirtual().start(() -> {
                result.complete(store.put("a/b.json", BODY, Precondition.ifAbsent()));
                flag.complete(Thread.currentThread().isInterrupted());
            });
            server.awaitRequest();
            thread.interrupt();
            thread.join();
        }
        assertThat(result.join()).isInstanceOf(PutResult.Unknown.class);
        assertThat(flag.join()).isTrue();
    }

    @Test
    void put_nothingListens_isUnknown() throws IOException {
        try (S3ObjectStore store = store(closedPort(), "")) {
            assertThat(store.put("k", BODY, Precondition.ifAbsent())).isInstanceOf(PutResult.Unknown.class);
        }
    }

    @Test
    void get_nothingListens_namesTheEndpoint() throws IOException {
        URI endpoint = closedPort();
        try (S3ObjectStore store = store(endpoint, "")) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("nothing listens at " + endpoint)
                    .hasMessageContaining("check the endpoint");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"404|NoSuchBucket|there is no bucket 'bucket'",
        "403|InvalidAccessKeyId|AWS_ACCESS_KEY_ID",
        "403|SignatureDoesNotMatch|AWS_SECRET_ACCESS_KEY", "400|ExpiredToken|get new credentials",
        "400|KeyTooLongError|KeyTooLongError", "501|NotImplemented|conditional puts are needed",
        "405|MethodNotAllowed|check the bucket"})
    void everyRequest_refusedForGood_saysWhatToDo(int status, String code, String remedy) {
        for (int i = 0; i < 5; i++) {
            server.then(ScriptedServer.error(status, code));
        }
        try (S3ObjectStore store = store("")) {
            for (Runnable request : new Runnable[]{() -> store.put("k", BODY, Precondition.ifMatch("\"e\"")),
                () -> store.get("k"), () -> store.delete("k"), () -> store.list("", null, 10),
                () -> store.listNames("", null, 10)}) {
                assertThatThrownBy(request::run).isInstanceOf(StoreRefusedException.class)
                        .hasMessageContaining("s3://bucket/team").hasMessageContaining(remedy);
            }
        }
        assertThat(server.requests()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"create|s3:PutObject on team/k in bucket 'bucket'",
        "swap|s3:PutObject and s3:GetObject on team/k in bucket 'bucket'",
        "delete|s3:DeleteObject on team/k in bucket 'bucket'",
        "list|s3:ListBucket on bucket 'bucket' for the prefix team/ready/",
        "get|s3:GetObject on team/k in bucket 'bucket', and s3:ListBucket there"})
    void everyRequest_noPermission_namesWhatIsMissing(String request, String permission) {
        server.then(ScriptedServer.error(403, "AccessDenied"), ScriptedServer.error(403, "AccessDenied"));
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> {
                switch (request) {
                    case "create" -> store.put("k", BODY, Precondition.ifAbsent());
                    case "swap" -> store.put("k", BODY, Precondition.ifMatch("\"e\""));
                    case "delete" -> store.delete("k");
                    case "list" -> store.list("ready/", null, 10);
                    default -> store.get("k");
                }
            }).isInstanceOf(StoreRefusedException.class).hasMessageContaining("allow " + permission)
                    .hasMessageContaining("docs/iam");
        }
        assertThat(server.requests()).hasSize(request.equals("get") ? 2 : 1);
    }

    @Test
    void get_deniedAndNotListed_isMissing() {
        server.then(ScriptedServer.error(403, "AccessDenied"), listing("team/a/b.json.more"));
        GetResult result = get();
        assertThat(result.object()).isNull();
        assertThat(result.storeTime()).isEqualTo(STORE_TIME);
        assertThat(server.requests().get(1).path()).contains("prefix=team%2Fa%2Fb.json").contains("max-keys=1");
    }

    @Test
    void get_deniedAndListed_isForbidden() {
        server.then(ScriptedServer.error(403, "AccessDenied"), listing("team/a/b.json"),
                ScriptedServer.error(403, "AccessDenied"));
        assertThatThrownBy(this::get).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("allow s3:GetObject on team/a/b.json in bucket 'bucket' (");
    }

    @Test
    void get_deniedAndCreatedMeanwhile_isThere() {
        server.then(ScriptedServer.error(403, "AccessDenied"), listing("team/a/b.json"),
                ScriptedServer.object("{}", "\"e\""));
        assertThat(Objects.requireNonNull(get().object()).body()).isEqualTo(BODY);
    }

    @Test
    void get_deniedAndTheListingUnanswered_isUnavailable() {
        server.then(ScriptedServer.error(403, "AccessDenied"));
        for (int i = 0; i < 4; i++) {
            server.then(ScriptedServer.error(503, "SlowDown"));
        }
        assertThatThrownBy(this::get).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void get_forbiddenOtherwise_isNotLookedFor() {
        server.then(ScriptedServer.error(403, "InvalidAccessKeyId"));
        assertThatThrownBy(this::get).isInstanceOf(StoreRefusedException.class);
        assertThat(server.requests()).hasSize(1);
    }

    private static Answer listing(String key) {
        return ScriptedServer.answer(200, "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>" + key
                + "</Key><LastModified>2025-07-15T10:20:30.000Z</LastModified><Size>1</Size></Contents>"
                + "</ListBucketResult>", "Date", ScriptedServer.DATE);
    }

    @Test
    void put_wrongRegion_namesTheRightOne() {
        server.then(ScriptedServer.error(301, "PermanentRedirect", "x-amz-bucket-region", "eu-north-1"));
        assertThatThrownBy(() -> put(Precondition.none())).isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("?region=eu-north-1");
    }

    @Test
    void put_noCredentialsAnywhere_saysWhereToPutThem() {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("none");
        };
        try (S3ObjectStore store = store(server.endpoint(), "", none)) {
            assertThatThrownBy(() -> store.put("k", BODY, Precondition.none()))
                    .isInstanceOf(StoreRefusedException.class).hasMessageContaining("AWS_ACCESS_KEY_ID");
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void get_missingKey_isNoObject() {
        server.then(ScriptedServer.error(404, "NoSuchKey", "Date", ScriptedServer.DATE));
        try (S3ObjectStore store = store("")) {
            assertThat(store.get("k")).isEqualTo(new GetResult(null, STORE_TIME));
        }
    }

    @Test
    void get_passingFailures_isTriedAgain() {
        server.then(ScriptedServer.error(503, "SlowDown"), ScriptedServer.brokenObject(), ScriptedServer.hangUp(),
                ScriptedServer.object("hello", "\"e\""));
        try (S3ObjectStore store = store("")) {
            GetResult result = store.get("k");
            assertThat(result.storeTime()).isEqualTo(STORE_TIME);
            StoredObject object = Objects.requireNonNull(result.object());
            assertThat(object.body()).asString(UTF_8).isEqualTo("hello");
            assertThat(object.lastModified()).isEqualTo(STORE_TIME.minusSeconds(1));
        }
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void get_lastingFailure_givesUpAfterFourTries() {
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("500");
        }
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void get_answerOfSomethingElse_isRefused() {
        server.then(ScriptedServer.answer(200, "<html>log in first</html>"));
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("speaks S3");
        }
    }

    @Test
    void get_404WithoutCode_isNotTakenForAMissingKey() {
        server.then(ScriptedServer.answer(404, "<html>no such page</html>"));
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> store.get("k")).isInstanceOf(StoreRefusedException.class);
        }
    }

    @Test
    void delete_failure_isUnavailableAfterOneRequest() {
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> store.delete("k")).isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("whether it landed is not known");
        }
        assertThat(server.requests()).hasSize(1);
    }

    /** Some HTTP clients repeat a DELETE by themselves when a connection that they kept turns out to be closed. */
    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void delete_reusedConnectionClosedWithoutAnswer_isUnavailableAfterOneRequest(Answer broken) {
        server.then(ScriptedServer.stored("\"warm\""), broken);
        try (S3ObjectStore store = store("")) {
            store.put("k", BODY, Precondition.none());
            assertThatThrownBy(() -> store.delete("k")).isInstanceOf(StoreUnavailableException.class);
            assertThat(store.put("k", BODY, Precondition.none())).isInstanceOf(PutResult.Unknown.class);
        }
        assertThat(server.requests()).extracting(ScriptedServer.Request::method).containsExactly("PUT", "DELETE",
                "PUT");
    }

    @Test
    void delete_conditionalAtAnotherServer_isNotOffered() {
        try (S3ObjectStore store = store("")) {
            assertThat(store.capabilities().conditionalDelete()).isFalse();
            assertThatThrownBy(() -> store.delete("k", "\"e\"")).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void put_hostClockHoursOff_isMendedByTheNextRequest() {
        Answer skewed = ScriptedServer.error(403, "RequestTimeTooSkewed", "Date", ScriptedServer.DATE);
        server.then(skewed, ScriptedServer.stored("\"e\""));
        try (S3ObjectStore store = store("")) {
            assertThat(store.put("k", BODY, Precondition.none())).isInstanceOf(PutResult.Unknown.class);
            assertThat(store.put("k", BODY, Precondition.none())).isInstanceOf(PutResult.Applied.class);
        }
        assertThat(server.requests().getLast().header("x-amz-date")).startsWith("20250715T10");
    }

    @Test
    void close_always_leavesNoThreads() throws InterruptedException {
        server.then(ScriptedServer.stored("\"e\""));
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        S3ObjectStore store = store("");
        store.put("k", BODY, Precondition.none());
        store.close();
        store.close();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(each) && (each.getName().contains("sdk") || each.getName().contains("idle"))) {
                each.join(10_000);
                assertThat(each.isAlive()).as(each.getName()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dir/", "/"})
    void get_notAKey_isRefused(String key) {
        try (S3ObjectStore store = store("")) {
            assertThatThrownBy(() -> store.get(key)).hasMessageContaining("is not a key");
        }
    }

    private GetResult get() {
        try (S3ObjectStore store = store("")) {
            return store.get("a/b.json");
        }
    }

    private PutResult put(Precondition precondition) {
        try (S3ObjectStore store = store("")) {
            return store.put("a/b.json", BODY, precondition);
        }
    }

    private S3ObjectStore store(String options) {
        return store(server.endpoint(), options);
    }

    private static S3ObjectStore store(URI endpoint, String options) {
        return store(endpoint, options, StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")));
    }

    private static S3ObjectStore store(URI endpoint, String options, AwsCredentialsProvider credentials) {
        S3Location location = S3Location.parse(URI.create("s3://bucket/team?endpoint=" + endpoint + options),
                new StoreSettings(Environment.system(), 8, Map.of()), name -> null);
        return new S3ObjectStore(location,
                S3Clients.open(location, S3Clients.http(location, 8), new ChainCredentials(credentials)),
                Environment.system());
    }

    private static URI closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
