package dev.windlass.s3;

import java.util.concurrent.CompletableFuture;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * AWS's own credentials chain, which tells two failures apart: there never were credentials, which only a person can
 * mend, and credentials that could not be renewed just now.
 */
final class ChainCredentials implements IdentityProvider<AwsCredentialsIdentity>, AutoCloseable {
    private final AwsCredentialsProvider chain;
    private volatile boolean seen;

    ChainCredentials() {
        this(DefaultCredentialsProvider.builder().build());
    }

    ChainCredentials(AwsCredentialsProvider chain) {
        this.chain = chain;
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        try {
            AwsCredentialsIdentity identity = chain.resolveCredentials();
            seen = true;
            return CompletableFuture.completedFuture(identity);
        } catch (SdkClientException e) {
            return CompletableFuture.failedFuture(seen ? e : new NoCredentialsException(e));
        }
    }

    @Override
    public void close() {
        if (chain instanceof SdkAutoCloseable open) {
            open.close();
        }
    }

    /** Nothing in the chain had credentials, since this store was opened. */
    static final class NoCredentialsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoCredentialsException(Throwable cause) {
            super("no AWS credentials were found", cause);
        }
    }
}
