package dev.windlass.s3;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.Capabilities;
import dev.windlass.store.GetResult;
import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.Precondition;
import dev.windlass.store.PutResult;
import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreRules;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** A bucket of Amazon S3, or of another server that speaks its protocol. */
final class S3ObjectStore implements ObjectStore {
    /** One second of granularity, and up to two of lag that some servers show. */
    private static final Duration TIME_UNCERTAINTY = Duration.ofSeconds(3);
    private static final int MAX_BODY = 64 << 20;
    private static final int MAX_KEY = 1024;

    private final S3Location location;
    private final S3Clients.Connection connection;
    private final S3Client s3;
    private final Capabilities capabilities;
    private final Failures failures;
    private final ReadRetries retries;
    private final Listings listings;

    S3ObjectStore(S3Location location, S3Clients.Connection connection, Environment environment) {
        this.location = connection.endpoint() == null ? location : location.at(connection.endpoint());
        this.connection = connection;
        s3 = connection.s3();
        // Amazon S3 checks If-Match on a delete atomically; other servers ignore it, or check it with a race.
        capabilities = new Capabilities(!location.express(), connection.endpoint() == null && !location.express(),
                TIME_UNCERTAINTY);
        failures = new Failures(this.location);
        retries = new ReadRetries(environment, location.timeout());
        listings = new Listings(s3, this.location);
    }

    @Override
    public String location() {
        return location.describe();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public GetResult get(String key) {
        try {
            return read(key);
        } catch (RuntimeException failure) {
            if (!Failures.denied(failure) || location.express()) {
                throw unread(key, failure);
            }
            // To those who may not list all of the bucket, S3 says of a missing object that it is forbidden.
            ListPage page = lookFor(key);
            if (page.entries().isEmpty()) {
                return new GetResult(null, page.storeTime());
            }
        }
        try {
            return read(key); // it has come meanwhile, or it is forbidden
        } catch (RuntimeException failure) {
            throw unread(key, failure);
        }
    }

    private ListPage lookFor(String key) {
        try {
            return retries.read(() -> listings.exactly(key));
        } catch (RuntimeException failure) {
            keepInterrupt(failure);
            if (Failures.meaning(failure) == Failures.Meaning.UNKNOWN) {
                throw failures.unavailable("look for " + key, failure, false);
            }
            throw failures.refused("read " + key, onObject("s3:GetObject", key)
                    + ", and s3:ListBucket there, without which what is missing looks as if it were forbidden",
                    failure);
        }
    }

    private RuntimeException unread(String key, RuntimeException failure) {
        if (failure instanceof StoreRefusedException) {
            return failure;
        }
        keepInterrupt(failure);
        return Failures.meaning(failure) == Failures.Meaning.UNKNOWN
                ? failures.unavailable("read " + key, failure, false)
                : failures.refused("read " + key, onObject("s3:GetObject", key), failure);
    }

    /** Throws what the SDK throws, but for a missing object. */
    private GetResult read(String key) {
        GetObjectRequest request = GetObjectRequest.builder().bucket(location.bucket()).key(whole(key)).build();
        ResponseBytes<GetObjectResponse> answer;
        try {
            answer = retries.read(() -> s3.getObjectAsBytes(request));
        } catch (RuntimeException failure) {
            if (Failures.meaning(failure) == Failures.Meaning.MISSING) {
                return new GetResult(null, failedAt(failure));
            }
            throw failure;
        }
        GetObjectResponse head = answer.response();
        if (head.eTag() == null || head.lastModified() == null) {
            throw new StoreRefusedException(location.describe() + " answered a read of " + key
                    + " without an ETag or a Last-Modified: check that the endpoint speaks S3");
        }
        return new GetResult(
                new StoredObject(key, answer.asByteArrayUnsafe(), head.eTag(), head.lastModified()),
                date(head.sdkHttpResponse()));
    }

    @Override
    public PutResult put(String key, byte[] body, Precondition precondition) {
        if (body.length > MAX_BODY) {
            throw new InvalidInputException("the object for " + key + " has " + body.length
                    + " bytes: at most 64 MiB (67108864 bytes)");
        }
        PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(location.bucket()).key(whole(key));
        switch (precondition) {
            case Precondition.IfAbsent absent -> request.ifNoneMatch("*");
            case Precondition.IfMatch match -> request.ifMatch(match.etag());
            case Precondition.None none -> {
            }
        }
        RequestBody content = RequestBody.fromContentProvider(ContentStreamProvider.fromByteArrayUnsafe(body),
                body.length, key.endsWith(".json") ? "application/json" : "application/octet-stream");
        try {
            PutObjectResponse answer = s3.putObject(request.build(), content);
            if (answer.eTag() == null) {
                return new PutResult.Unknown(
                        new IllegalStateException(location.describe() + " answered a put without an ETag"));
            }
            return new PutResult.Applied(answer.eTag(), date(answer.sdkHttpResponse()));
        } catch (RuntimeException failure) {
            keepInterrupt(failure);
            return switch (Failures.meaning(failure)) {
                case CONFLICT -> new PutResult.Conflict(failedAt(failure));
                case MISSING -> {
                    if (precondition instanceof Precondition.IfMatch) {
                        yield new PutResult.Conflict(failedAt(failure));
                    }
                    throw failures.refused("write " + key, toWrite(key, precondition), failure);
                }
                case REFUSED -> throw failures.refused("write " + key, toWrite(key, precondition), failure);
                case UNKNOWN -> new PutResult.Unknown(failures.unavailable("write " + key, failure, true));
            };
        }
    }

    @Override
    public void delete(String key) {
        remove(key, null);
    }

    @Override
    public boolean delete(String key, String etag) {
        if (!capabilities.conditionalDelete()) {
            throw new UnsupportedOperationException(
                    location.describe() + " is not known to delete conditionally and atomically");
        }
        return remove(key, etag);
    }

    private boolean remove(String key, @Nullable String etag) {
        DeleteObjectRequest request = DeleteObjectRequest.builder().bucket(location.bucket()).key(whole(key))
                .ifMatch(etag).build();
        try {
            s3.deleteObject(request);
            return true;
        } catch (RuntimeException failure) {
            keepInterrupt(failure);
            return switch (Failures.meaning(failure)) {
                case MISSING -> false;
                case CONFLICT -> {
                    if (etag != null) {
                        yield false;
                    }
                    throw failures.refused("delete " + key, onObject("s3:DeleteObject", key), failure);
                }
                case REFUSED -> throw failures.refused("delete " + key, onObject("s3:DeleteObject", key), failure);
                case UNKNOWN -> throw failures.unavailable("delete " + key, failure, true);
            };
        }
    }

    @Override
    public ListPage list(String prefix, @Nullable String startAfter, int limit) {
        return listing(prefix, limit, () -> listings.keys(prefix, startAfter, limit));
    }

    @Override
    public NamesPage listNames(String prefix, @Nullable String startAfter, int limit) {
        return listing(prefix, limit, () -> listings.names(prefix, startAfter, limit));
    }

    private <T> T listing(String prefix, int limit, Supplier<T> page) {
        if (limit < 1 || limit > 1000) {
            throw new InvalidInputException("a page of " + limit + " was asked for: 1 to 1000 are possible");
        }
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new InvalidInputException("the prefix '" + prefix + "' does not end with '/'");
        }
        try {
            return retries.read(page);
        } catch (RuntimeException failure) {
            keepInterrupt(failure);
            if (Failures.meaning(failure) == Failures.Meaning.UNKNOWN) {
                throw failures.unavailable("list '" + prefix + "'", failure, false);
            }
            throw failures.refused("list '" + prefix + "'", "s3:ListBucket on bucket '" + location.bucket()
                    + "' for the prefix " + location.prefix() + prefix, failure);
        }
    }

    @Override
    public StoreRules rules() {
        return new S3Rules(s3, location, retries, failures);
    }

    /** If-Match compares with what is there, so S3 wants the right to read it. */
    private String toWrite(String key, Precondition precondition) {
        return onObject(precondition instanceof Precondition.IfMatch ? "s3:PutObject and s3:GetObject" : "s3:PutObject",
                key);
    }

    private String onObject(String actions, String key) {
        return actions + " on " + location.prefix() + key + " in bucket '" + location.bucket() + "'";
    }

    @Override
    public void close() {
        connection.close();
    }

    private String whole(String key) {
        if (key.isEmpty() || key.endsWith("/") || location.prefix().length() + key.length() > MAX_KEY) {
            throw new InvalidInputException("'" + key + "' is not a key for " + location.describe()
                    + ": not empty, not ending with '/', and with the prefix at most " + MAX_KEY + " characters");
        }
        return location.prefix() + key;
    }

    static void keepInterrupt(RuntimeException failure) {
        if (Failures.interrupted(failure)) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Instant failedAt(RuntimeException failure) {
        return failure instanceof AwsServiceException answer ? parse(Failures.header(answer, "Date")) : null;
    }

    /** The store's time: whole seconds, rounded down, and so never late. */
    static @Nullable Instant date(@Nullable SdkHttpResponse response) {
        return response == null ? null : parse(response.firstMatchingHeader("Date").orElse(null));
    }

    private static @Nullable Instant parse(@Nullable String date) {
        if (date == null) {
            return null;
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
