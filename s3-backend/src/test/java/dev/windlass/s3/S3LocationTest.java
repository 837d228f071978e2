package dev.windlass.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3LocationTest {

    @Test
    void parse_everyOption_isTaken() {
        S3Location location = parse("s3://bucket/a/b/?region=eu-north-1&endpoint=http%3A%2F%2F127.0.0.1%3A9000"
                + "&pathStyle=false&timeout=800ms&connectTimeout=1s", Map.of(), Map.of());
        assertThat(location).isEqualTo(new S3Location("bucket", "a/b/", "eu-north-1",
                URI.create("http://127.0.0.1:9000"), false, Duration.ofMillis(800), Duration.ofSeconds(1)));
        assertThat(location.describe()).isEqualTo("s3://bucket/a/b?endpoint=http://127.0.0.1:9000");
    }

    @Test
    void parse_onlyABucket_isAmazonWithDefaults() {
        assertThat(parse("s3://my.bucket-1", Map.of(), Map.of())).isEqualTo(new S3Location("my.bucket-1", "", null,
                null, null, Duration.ofSeconds(15), Duration.ofSeconds(3)));
    }

    @Test
    void parse_sameOptionInSeveralPlaces_uriWinsOverSettingsOverEnvironment() {
        Map<String, String> environment = Map.of("S3_ENDPOINT", "http://env:1", "S3_REGION", "env-1");
        assertThat(parse("s3://bucket", Map.of(), environment).endpoint()).hasHost("env");
        assertThat(parse("s3://bucket", Map.of("endpoint", "http://set:1"), environment).endpoint()).hasHost("set");
        assertThat(parse("s3://bucket?endpoint=http://uri:1", Map.of("endpoint", "http://set:1"), environment)
                .endpoint()).hasHost("uri");
        assertThat(parse("s3://bucket", Map.of(), environment).region()).isEqualTo("env-1");
        assertThat(parse("s3://bucket?region=uri-1", Map.of("region", "set-1"), environment).region())
                .isEqualTo("uri-1");
    }

    @ParameterizedTest
    @CsvSource({"s3://bucket/,''", "s3://bucket//a//,a/", "s3://bucket/a%20b,a b/", "s3://bucket/a/b,a/b/"})
    void parse_prefix_isNormalised(String uri, String prefix) {
        assertThat(parse(uri, Map.of(), Map.of()).prefix()).isEqualTo(prefix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"s3:///prefix|no bucket", "s3:bucket|no bucket",
        "s3://Bucket|is not a bucket name", "s3://ab|not a bucket name",
        "s3://localhost:9000/bucket|address goes into the option endpoint",
        "s3://key:secret@bucket|credentials do not belong", "s3://bucket/a/../b|segment",
        "s3://bucket/./b|segment", "s3://bucket/a//b|segment", "s3://bucket/%C3%A4|printable ASCII",
        "s3://bucket#x|makes no sense",
        "s3://bucket?regoin=x|known are region, endpoint, pathStyle, timeout, connectTimeout",
        "s3://bucket?region|no name or no value", "s3://bucket?region=a&region=b|stands twice",
        "s3://bucket?region=a/b|not a region", "s3://bucket?endpoint=127.0.0.1:9000|write http://HOST:PORT",
        "s3://bucket?endpoint=ftp://x|write http://HOST:PORT",
        "s3://bucket?endpoint=http://k:s@x|credentials do not belong",
        "s3://bucket?pathStyle=yes|write true or false", "s3://bucket?timeout=0s|positive duration",
        "s3://bucket?timeout=soon|such as 15s"})
    void parse_wrong_saysWhatAndHow(String uri, String message) {
        assertThatThrownBy(() -> parse(uri, Map.of(), Map.of())).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message).satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("secret").doesNotContain("k:s"));
    }

    @Test
    void parse_unknownSetting_isRefused() {
        assertThatThrownBy(() -> parse("s3://bucket", Map.of("fsync", "true"), Map.of()))
                .isInstanceOf(InvalidInputException.class).hasMessageContaining("unknown option 'fsync'");
    }

    private static S3Location parse(String uri, Map<String, String> options, Map<String, String> environment) {
        return S3Location.parse(URI.create(uri), new StoreSettings(Environment.system(), 8, options),
                environment::get);
    }
}
