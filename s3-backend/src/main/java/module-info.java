/** The {@code s3:} backend: Amazon S3 and what speaks its protocol. */
module dev.windlass.s3 {
    requires transitive dev.windlass.core;
    requires static org.jspecify;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.identity.spi;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.retries;
    requires software.amazon.awssdk.services.s3;
    requires software.amazon.awssdk.utils;

    exports dev.windlass.s3;

    provides dev.windlass.store.ObjectStoreProvider with dev.windlass.s3.S3ObjectStoreProvider;
}
