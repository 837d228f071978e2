package dev.windlass.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.windlass.environment.Environment;
import dev.windlass.store.StoreSettings;
import org.jspecify.annotations.Nullable;
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

/**
 * Amazon S3 as far as the backend asks it, in memory, in the place of an HTTP client, with a policy in front of each
 * client. As there: a put with If-Match needs the right to read too; what is missing is forbidden to those who may not
 * list the whole bucket, and a condition on the prefix does not hold for a request that lists nothing.
 */
final class PolicedS3 {
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final String bucket;
    private final NavigableMap<String, Entry> objects = new TreeMap<>();
    private final AtomicLong versions = new AtomicLong();
    private volatile Duration ahead = Duration.ZERO;

    /** What stands under a key. */
    private static final class Entry {
        final byte[] body;
        final String etag;
        final Instant time;

        Entry(byte[] body, String etag, Instant time) {
            this.body = body;
            this.etag = etag;
            this.time = time;
        }
    }

    /**
     * A request, as a policy sees it.
     *
     * @param action what is to be allowed
     * @param arn on what
     * @param listed the prefix that is listed; null if it lists nothing
     * @param allowed what the policy says
     */
    record Asked(String action, String arn, @Nullable String listed, boolean allowed) {}

    PolicedS3(String bucket) {
        this.bucket = bucket;
    }

    /** Its clock jumps. */
    void jump(Duration duration) {
        ahead = ahead.plus(duration);
    }

    private Instant now() {
        return Instant.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Puts by a hand from outside. */
    void plant(String key, String body, Duration age) {
        synchronized (objects) {
            objects.put(key, new Entry(body.getBytes(UTF_8), newEtag(), now().minus(age)));
        }
    }

    /**
     * Deletes by a hand from outside.
     *
     * @return puts it back
     */
    Runnable uproot(String key) {
        synchronized (objects) {
            Entry entry = Objects.requireNonNull(objects.remove(key), key);
            return () -> {
                synchronized (objects) {
                    objects.put(key, entry);
                }
            };
        }
    }

    List<String> keys(String prefix) {
        synchronized (objects) {
            return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
        }
    }

    private String newEtag() {
        return String.format("\"%032x\"", versions.incrementAndGet());
    }

    /** A connection with these credentials. */
    Client client(IamPolicy policy) {
        return new Client(policy);
    }

    /** Who asks, under a policy. */
    final class Client implements SdkHttpClient, SdkHttpClient.Builder<Client> {
        private final IamPolicy policy;
        private final List<Asked> asked = new CopyOnWriteArrayList<>();
        private final AtomicReference<@Nullable Predicate<String>> losing = new AtomicReference<>();
        private volatile Consumer<String> afterPut = key -> {};
        private volatile boolean cut;

        Client(IamPolicy policy) {
            this.policy = policy;
        }

        List<Asked> asked() {
            return asked;
        }

        /** The next put of such a key gets lost on its way. */
        void loseNextPut(Predicate<String> which) {
            losing.set(which);
        }

        /** Called with each key that has been put, before the client is answered. */
        void afterPut(Consumer<String> listener) {
            afterPut = listener;
        }

        /** From now on nothing gets through. */
        void cut() {
            cut = true;
        }

        S3ObjectStore store(String prefix) {
            S3Location location = S3Location.parse(
                    URI.create("s3://" + bucket + '/' + prefix + "?region=eu-north-1&timeout=2s"),
                    new StoreSettings(Environment.system(), 64, Map.of()), name -> null);
            return new S3ObjectStore(location, S3Clients.open(location, this, new ChainCredentials(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))),
                    Environment.system());
        }

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    if (cut) {
                        throw new IOException("cut off");
                    }
                    SdkHttpFullResponse answer = serve(request);
                    return HttpExecuteResponse.builder().response(answer).responseBody(answer.content().orElseThrow())
                            .build();
                }

                @Override
                public void abort() {
                    // nothing is under way
                }
            };
        }

        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return this;
        }

        @Override
        public void close() {
            // nothing is open
        }

        private SdkHttpFullResponse serve(HttpExecuteRequest execute) throws IOException {
            SdkHttpRequest request = execute.httpRequest();
            String key = URLDecoder.decode(request.encodedPath().replaceFirst("^/", "").replace("+", "%2B"), UTF_8);
            if (key.isEmpty()) {
                return ofBucket(request);
            }
            return switch (request.method()) {
                case GET -> get(key);
                case PUT -> {
                    Predicate<String> lost = losing.get();
                    if (lost != null && lost.test(key) && losing.compareAndSet(lost, null)) {
                        throw new IOException("lost on its way");
                    }
                    byte[] body = execute.contentStreamProvider().orElseThrow().newStream().readAllBytes();
                    SdkHttpFullResponse answer = put(key, body, request);
                    if (answer.isSuccessful()) {
                        afterPut.accept(key);
                    }
                    yield answer;
                }
                case DELETE -> delete(key, request);
                default -> throw new IOException("not asked for here: " + request.method());
            };
        }

        private boolean may(String action, @Nullable String key, @Nullable String listed) {
            String arn = "arn:aws:s3:::" + bucket + (key == null ? "" : "/" + key);
            boolean allowed = policy.allows(action, arn, listed);
            asked.add(new Asked(action, arn, listed, allowed));
            return allowed;
        }

        private SdkHttpFullResponse get(String key) {
            if (!may("s3:GetObject", key, null)) {
                return error(403, "AccessDenied");
            }
            synchronized (objects) {
                Entry entry = objects.get(key);
                if (entry == null) {
                    return policy.allows("s3:ListBucket", "arn:aws:s3:::" + bucket, null)
                            ? error(404, "NoSuchKey")
                            : error(403, "AccessDenied");
                }
                return answer(200, entry.body, "ETag", entry.etag, "Last-Modified", DATE.format(entry.time));
            }
        }

        private SdkHttpFullResponse put(String key, byte[] body, SdkHttpRequest request) {
            String match = request.firstMatchingHeader("If-Match").orElse(null);
            if (!may("s3:PutObject", key, null) || (match != null && !may("s3:GetObject", key, null))) {
                return error(403, "AccessDenied");
            }
            synchronized (objects) {
                Entry entry = objects.get(key);
                if (match != null && entry == null) {
                    return error(404, "NoSuchKey");
                }
                if ((match != null && entry != null && !entry.etag.equals(match))
                        || (request.firstMatchingHeader("If-None-Match").isPresent() && entry != null)) {
                    return error(412, "PreconditionFailed");
                }
                String etag = newEtag();
                objects.put(key, new Entry(body, etag, now()));
                return answer(200, new byte[0], "ETag", etag);
            }
        }

        private SdkHttpFullResponse delete(String key, SdkHttpRequest request) {
            String match = request.firstMatchingHeader("If-Match").orElse(null);
            if (!may("s3:DeleteObject", key, null) || (match != null && !may("s3:GetObject", key, null))) {
                return error(403, "AccessDenied");
            }
            synchronized (objects) {
                Entry entry = objects.get(key);
                if (match != null && (entry == null || !entry.etag.equals(match))) {
                    return entry == null ? error(404, "NoSuchKey") : error(412, "PreconditionFailed");
                }
                objects.remove(key);
                return answer(204, new byte[0]);
            }
        }

        private SdkHttpFullResponse ofBucket(SdkHttpRequest request) {
            Map<String, List<String>> query = request.rawQueryParameters();
            if (query.containsKey("versioning")) {
                return may("s3:GetBucketVersioning", null, null)
                        ? answer(200, "<VersioningConfiguration/>".getBytes(UTF_8))
                        : error(403, "AccessDenied");
            }
            if (query.containsKey("lifecycle")) {
                return may("s3:GetLifecycleConfiguration", null, null)
                        ? error(404, "NoSuchLifecycleConfiguration")
                        : error(403, "AccessDenied");
            }
            String prefix = request.firstMatchingRawQueryParameter("prefix").orElse("");
            return may("s3:ListBucket", null, prefix) ? list(prefix, request) : error(403, "AccessDenied");
        }

        private SdkHttpFullResponse list(String prefix, SdkHttpRequest request) {
            int limit = Integer.parseInt(request.firstMatchingRawQueryParameter("max-keys").orElse("1000"));
            String after = request.firstMatchingRawQueryParameter("continuation-token")
                    .map(token -> URLDecoder.decode(token, UTF_8))
                    .or(() -> request.firstMatchingRawQueryParameter("start-after")).orElse("");
            boolean folded = request.firstMatchingRawQueryParameter("delimiter").isPresent();
            StringBuilder out = new StringBuilder();
            TreeSet<String> folders = new TreeSet<>();
            int count = 0;
            String last = "";
            boolean more = false;
            synchronized (objects) {
                for (Map.Entry<String, Entry> each : objects.tailMap(prefix, true).entrySet()) {
                    String key = each.getKey();
                    if (!key.startsWith(prefix)) {
                        break;
                    }
                    int slash = key.indexOf('/', prefix.length());
                    String folder = folded && slash >= 0 ? key.substring(0, slash + 1) : null;
                    if (key.compareTo(after) <= 0 || (folder != null && folders.contains(folder))) {
                        continue;
                    }
                    if (count == limit) {
                        more = true;
                        break;
                    }
                    count++;
                    if (folder == null) {
                        last = key;
                        out.append("<Contents><Key>").append(encoded(key)).append("</Key><LastModified>")
                                .append(each.getValue().time).append("</LastModified><Size>")
                                .append(each.getValue().body.length).append("</Size></Contents>");
                    } else {
                        last = folder + '\uffff'; // after all that is in it
                        folders.add(folder);
                    }
                }
            }
            folders.forEach(folder -> out.append("<CommonPrefixes><Prefix>").append(encoded(folder))
                    .append("</Prefix></CommonPrefixes>"));
            return answer(200, ("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>" + more
                    + "</IsTruncated>"
                    + (more ? "<NextContinuationToken>" + encoded(last) + "</NextContinuationToken>" : "") + out
                    + "</ListBucketResult>").getBytes(UTF_8));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private SdkHttpFullResponse error(int status, String code) {
        return answer(status, ("<Error><Code>" + code + "</Code></Error>").getBytes(UTF_8));
    }

    private SdkHttpFullResponse answer(int status, byte[] body, String... headers) {
        SdkHttpFullResponse.Builder answer = SdkHttpFullResponse.builder().statusCode(status)
                .putHeader("Date", DATE.format(now())).putHeader("Content-Length", Integer.toString(body.length))
                .content(AbortableInputStream.create(new ByteArrayInputStream(body)));
        for (int i = 0; i < headers.length; i += 2) {
            answer.putHeader(headers[i], headers[i + 1]);
        }
        return answer.build();
    }
}
