package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.windlass.environment.Environment;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreSettings;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.AttributeMap;

/** The requests that Amazon S3 itself would get, seen where they would leave for the network. */
class AmazonRequestsTest {
    private final List<SdkHttpRequest> requests = new ArrayList<>();
    private final List<SdkHttpFullResponse> answers = new ArrayList<>();

    @Test
    void put_toAmazon_isOnePlainRequestWithChecksumAndPrecondition() {
        answer(200, "", "ETag", "\"e\"");
        try (S3ObjectStore store = store("s3://bucket/team")) {
            assertThat(store.put("a.json", "{}".getBytes(UTF_8), Precondition.ifAbsent()))
                    .isEqualTo(new PutResult.Applied("\"e\"", null));
        }
        SdkHttpRequest request = requests.getFirst();
        assertThat(request.getUri()).hasToString("https://bucket.s3.eu-north-1.amazonaws.com/team/a.json");
        assertThat(request.firstMatchingHeader("If-None-Match")).hasValue("*");
        assertThat(request.firstMatchingHeader("Content-Length")).hasValue("2");
        assertThat(request.firstMatchingHeader("x-amz-checksum-crc32")).isPresent();
        assertThat(request.firstMatchingHeader("Content-Encoding")).isEmpty();
        assertThat(request.firstMatchingHeader("Expect")).isEmpty();
        assertThat(requests).hasSize(1);
    }

    @Test
    void delete_conditionalAtAmazon_sendsTheEtag() {
        answer(204, "");
        answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
        answer(404, "<Error><Code>NoSuchKey</Code></Error>");
        try (S3ObjectStore store = store("s3://bucket")) {
            assertThat(store.capabilities().conditionalDelete()).isTrue();
            assertThat(store.capabilities().orderedList()).isTrue();
            assertThat(store.delete("k", "\"e\"")).isTrue();
            assertThat(store.delete("k", "\"e\"")).isFalse();
            assertThat(store.delete("k", "\"e\"")).isFalse();
        }
        assertThat(requests).hasSize(3)
                .allSatisfy(each -> assertThat(each.firstMatchingHeader("If-Match")).hasValue("\"e\""));
    }

    @Test
    void list_directoryBucket_readsAllPagesAndOrdersThem() {
        String session = """
                <CreateSessionResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>
                <AccessKeyId>i</AccessKeyId><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
                </CreateSessionResult>""";
        answer(200, session);
        answer(200, page(true, "p/d", "p/b"));
        answer(200, page(false, "p/a", "p/c"));
        try (S3ObjectStore store = store("s3://fast--eun1-az1--x-s3/p")) {
            assertThat(store.capabilities().orderedList()).isFalse();
            ListPage page = store.list("", "a", 2);
            assertThat(page.entries()).extracting(ListPage.Entry::key).containsExactly("b", "c");
            assertThat(page.more()).isTrue();
        }
    }

    @Test
    void listNames_pagesThatRepeatOrHoldNoNames_giveEachNameOnce() {
        answer(200, page(true, "p/an-object"));
        answer(200, names(true, "p/a-b/", "p/a/"));
        answer(200, names(false, "p/a/", "p/b/"));
        try (S3ObjectStore store = store("s3://bucket/p")) {
            NamesPage first = store.listNames("", null, 2);
            assertThat(first.names()).containsExactly("a-b", "a");
            assertThat(first.more()).isTrue();
            NamesPage second = store.listNames("", "a", 2);
            assertThat(second.names()).containsExactly("b");
            assertThat(second.more()).isFalse();
        }
        assertThat(requests.getLast().firstMatchingRawQueryParameter("start-after")).hasValue("p/a0");
    }

    private static String page(boolean more, String... keys) {
        StringBuilder contents = new StringBuilder();
        for (String key : keys) {
            contents.append("<Contents><Key>").append(key)
                    .append("</Key><LastModified>2025-07-15T10:20:30.000Z</LastModified><Size>1</Size></Contents>");
        }
        return result(more, contents.toString());
    }

    private static String names(boolean more, String... names) {
        StringBuilder prefixes = new StringBuilder();
        for (String name : names) {
            prefixes.append("<CommonPrefixes><Prefix>").append(name).append("</Prefix></CommonPrefixes>");
        }
        return result(more, prefixes.toString());
    }

    private static String result(boolean more, String content) {
        return "<ListBucketResult><IsTruncated>" + more + "</IsTruncated>"
                + (more ? "<NextContinuationToken>t</NextContinuationToken>" : "") + content + "</ListBucketResult>";
    }

    private void answer(int status, String body, String... headers) {
        SdkHttpFullResponse.Builder answer = SdkHttpFullResponse.builder().statusCode(status)
                .content(AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(UTF_8))));
        for (int i = 0; i < headers.length; i += 2) {
            answer.putHeader(headers[i], headers[i + 1]);
        }
        answers.add(answer.build());
    }

    private S3ObjectStore store(String uri) {
        S3Location location = S3Location.parse(URI.create(uri + "?region=eu-north-1"),
                new StoreSettings(Environment.system(), 8, Map.of()), name -> null);
        return new S3ObjectStore(location,
                S3Clients.open(location, new Recorder(),
                        new ChainCredentials(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))),
                Environment.system());
    }

    /** Answers in the place of an HTTP client. */
    private final class Recorder implements SdkHttpClient, SdkHttpClient.Builder<Recorder> {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            requests.add(request.httpRequest());
            SdkHttpFullResponse answer = answers.removeFirst();
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    return HttpExecuteResponse.builder().response(answer).responseBody(answer.content().orElseThrow())
                            .build();
                }

                @Override
                public void abort() {
                }
            };
        }

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return this;
        }

        @Override
        public void close() {
        }
    }
}
