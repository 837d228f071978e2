package dev.windlass.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import dev.windlass.store.StoreRefusedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * Sets up the SDK's client: no retries of its own (a put must be one request), limits on every wait, and nothing that
 * other servers than Amazon's do not understand.
 */
final class S3Clients {
    /** Shorter than the time after which servers commonly close an idle connection. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private S3Clients() {
    }

    /**
     * One client, and what is to be known about it.
     *
     * @param s3 the client
     * @param credentials where it takes its credentials from
     * @param endpoint the server, if it is not Amazon's; from the location, or from AWS's own configuration
     */
    record Connection(S3Client s3, ChainCredentials credentials, @Nullable URI endpoint) implements AutoCloseable {
        @Override
        public void close() {
            s3.close();
            credentials.close();
        }
    }

    static Connection open(S3Location location, int concurrency) {
        return open(location, http(location, concurrency), new ChainCredentials());
    }

    static SdkHttpClient.Builder<?> http(S3Location location, int concurrency) {
        return Apache5HttpClient.builder().maxConnections(concurrency)
                .connectionTimeout(location.connectTimeout()).connectionAcquisitionTimeout(location.timeout())
                .socketTimeout(location.timeout()).connectionMaxIdleTime(IDLE).expectContinueEnabled(false);
    }

    static Connection open(S3Location location, SdkHttpClient.Builder<?> http, ChainCredentials credentials) {
        URI endpoint = location.endpoint() != null ? location.endpoint() : configuredElsewhere().orElse(null);
        S3ClientBuilder builder = S3Client.builder().httpClientBuilder(http).credentialsProvider(credentials)
                .region(region(location, endpoint))
                .forcePathStyle(location.pathStyle() != null ? location.pathStyle() : endpoint != null)
                .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false).build())
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(location.timeout()));
        if (endpoint != null) {
            // Amazon's newer checksums are refused by some servers, and stored as part of the body by others.
            builder.endpointOverride(endpoint).requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        return new Connection(builder.build(), credentials, endpoint);
    }

    /** AWS's own settings can name another server too: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or a profile. */
    private static Optional<URI> configuredElsewhere() {
        return AwsClientEndpointProvider.builder().serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_S3")
                .serviceEndpointOverrideSystemProperty("aws.endpointUrlS3").serviceProfileProperty("s3")
                .resolveFromOverrides();
    }

    private static Region region(S3Location location, @Nullable URI endpoint) {
        if (location.region() != null) {
            return Region.of(location.region());
        }
        try {
            // Beyond environment and profile the chain asks the machine that Amazon runs this on: not for other servers.
            return endpoint == null
                    ? DefaultAwsRegionProviderChain.builder().build().getRegion()
                    : new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                            .getRegion();
        } catch (SdkClientException e) {
            if (endpoint != null) {
                return Region.US_EAST_1;
            }
            throw new StoreRefusedException("no region is set for " + location.describe()
                    + ": add ?region=REGION to the URI, or set S3_REGION or AWS_REGION", e);
        }
    }
}
