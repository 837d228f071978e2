package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreRules;
import dev.windlass.store.StoreRules.Effect;
import dev.windlass.store.StoreRules.Expiry;
import dev.windlass.store.StoreSettings;
import dev.windlass.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What a bucket does to objects by itself, as its settings say. */
class S3RulesTest {
    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private S3ObjectStore store() {
        S3Location location = S3Location.parse(URI.create("s3://bucket/team/jobs?endpoint=" + server.endpoint()),
                new StoreSettings(Environment.system(), 8, Map.of()), name -> null);
        return new S3ObjectStore(location,
                S3Clients.open(location, S3Clients.http(location, 8),
                        new ChainCredentials(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))),
                Environment.system());
    }

    private static ScriptedServer.Answer xml(String text) {
        return ScriptedServer.answer(200, text, "Date", ScriptedServer.DATE);
    }

    private List<Expiry> expiries(String... rules) {
        server.then(xml("<LifecycleConfiguration>" + String.join("", rules) + "</LifecycleConfiguration>"));
        try (S3ObjectStore store = store()) {
            return store.rules().expiries();
        }
    }

    private static String rule(String filter, String action) {
        return "<Rule><ID>r</ID><Status>Enabled</Status>" + filter + action + "</Rule>";
    }

    private static final String GONE = "<Expiration><Days>30</Days></Expiration>";

    @ParameterizedTest
    @CsvSource({"Enabled, true", "Suspended, true", "'', false"})
    void keepsDeleted_asTheBucketSays(String status, boolean keeps) {
        server.then(xml("<VersioningConfiguration>" + (status.isEmpty() ? "" : "<Status>" + status + "</Status>")
                + "</VersioningConfiguration>"));
        try (S3ObjectStore store = store()) {
            assertThat(store.rules().keepsDeleted()).isEqualTo(keeps);
        }
        assertThat(server.requests().getFirst().path()).startsWith("/bucket?versioning");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<Filter><Prefix></Prefix></Filter>|''", "<Filter></Filter>|''",
        "<Prefix>team/</Prefix>|''", "<Filter><Prefix>team/jobs/</Prefix></Filter>|''",
        "<Filter><Prefix>team/jo</Prefix></Filter>|''", "<Filter><Prefix>team/jobs/ready/</Prefix></Filter>|ready/",
        "<Filter><And><Prefix>team/jobs/payloads/</Prefix><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></And></Filter>|payloads/"})
    void expiries_rulesThatReachTheStore_areItsOwn(String filter, String prefix) {
        assertThat(expiries(rule(filter, GONE)))
                .containsExactly(new Expiry("r", prefix, Effect.REMOVED, "30 days old"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<Filter><Prefix>team/other/</Prefix></Filter>",
        "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>",
        "<Filter><And><Prefix>team/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>",
        "<Filter><ObjectSizeGreaterThan>67108864</ObjectSizeGreaterThan></Filter>"})
    void expiries_rulesForOtherObjects_doNotCount(String filter) {
        assertThat(expiries(rule(filter, GONE))).isEmpty();
    }

    @Test
    void expiries_harmlessRules_doNotCount() {
        assertThat(expiries(
                rule("<Filter></Filter>", "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>"
                        + "</AbortIncompleteMultipartUpload>"),
                rule("<Filter></Filter>", "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
                        + "</NoncurrentVersionExpiration>"),
                rule("<Filter></Filter>", "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"
                        + "</Expiration>"),
                rule("<Filter></Filter>", "<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass>"
                        + "</Transition>"),
                rule("<Filter></Filter>", GONE).replace("Enabled", "Disabled"))).isEmpty();
    }

    @Test
    void expiries_archives_count() {
        assertThat(expiries(rule("<Filter></Filter>",
                "<Transition><Days>90</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>")))
                .containsExactly(new Expiry("r", "", Effect.ARCHIVED, "90 days old"));
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchLifecycleConfiguration", "501, NotImplemented", "405, MethodNotAllowed"})
    void expiries_noneConfiguredOrNoSuchThing_areNone(int status, String code) {
        server.then(ScriptedServer.error(status, code));
        try (S3ObjectStore store = store()) {
            assertThat(store.rules().expiries()).isEmpty();
        }
    }

    @Test
    void rules_notAllowedToLook_saysWhichPermission() {
        server.then(ScriptedServer.error(403, "AccessDenied"), ScriptedServer.error(403, "AccessDenied"));
        try (S3ObjectStore store = store()) {
            StoreRules rules = store.rules();
            assertThatThrownBy(rules::keepsDeleted).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("allow s3:GetBucketVersioning on bucket 'bucket'");
            assertThatThrownBy(rules::expiries).isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("allow s3:GetLifecycleConfiguration on bucket 'bucket'");
        }
    }

    @Test
    void rules_noAnswer_isUnavailable() {
        try (S3ObjectStore store = store()) {
            assertThatThrownBy(() -> store.rules().expiries()).isInstanceOf(StoreUnavailableException.class);
        }
    }
}
