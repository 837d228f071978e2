package dev.windlass.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.windlass.store.StoreRules;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** Versioning and lifecycle rules of a bucket, as far as they reach the store's objects. */
final class S3Rules implements StoreRules {
    /** No object of a store is larger. */
    private static final long LARGEST = 64L << 20;

    private final S3Client s3;
    private final S3Location location;
    private final ReadRetries retries;
    private final Failures failures;

    S3Rules(S3Client s3, S3Location location, ReadRetries retries, Failures failures) {
        this.s3 = s3;
        this.location = location;
        this.retries = retries;
        this.failures = failures;
    }

    /** Suspended versioning still leaves a marker for each delete. */
    @Override
    public boolean keepsDeleted() {
        if (location.express()) {
            return false; // directory buckets have no versions
        }
        GetBucketVersioningResponse answer = ask("read the versioning", "s3:GetBucketVersioning",
                () -> s3.getBucketVersioning(request -> request.bucket(location.bucket())));
        return answer != null && (answer.status() == BucketVersioningStatus.ENABLED
                || answer.status() == BucketVersioningStatus.SUSPENDED);
    }

    @Override
    public List<Expiry> expiries() {
        GetBucketLifecycleConfigurationResponse answer = ask("read the lifecycle rules",
                "s3:GetLifecycleConfiguration",
                () -> s3.getBucketLifecycleConfiguration(request -> request.bucket(location.bucket())));
        var found = new ArrayList<Expiry>();
        if (answer != null) {
            answer.rules().forEach(rule -> add(rule, found));
        }
        return found;
    }

    private void add(LifecycleRule rule, List<Expiry> found) {
        String prefix = reach(rule);
        if (rule.status() != ExpirationStatus.ENABLED || prefix == null) {
            return;
        }
        String name = rule.id() == null ? "(without a name)" : rule.id();
        LifecycleExpiration expiration = rule.expiration();
        if (expiration != null && (expiration.days() != null || expiration.date() != null)) {
            found.add(new Expiry(name, prefix, Effect.REMOVED, expiration.days() != null
                    ? expiration.days() + " days old"
                    : "written before " + expiration.date()));
        }
        for (Transition transition : rule.transitions()) {
            TransitionStorageClass to = transition.storageClass();
            if (to == TransitionStorageClass.GLACIER || to == TransitionStorageClass.DEEP_ARCHIVE) {
                found.add(new Expiry(name, prefix, Effect.ARCHIVED, transition.days() != null
                        ? transition.days() + " days old"
                        : "written before " + transition.date()));
            }
        }
    }

    /** The part of the store that a rule reaches, as a prefix of its keys; null if it reaches none. */
    @SuppressWarnings("deprecation") // older rules have their prefix beside the filter
    private @Nullable String reach(LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        String prefix = rule.prefix();
        Long above = null;
        if (filter != null) {
            if (filter.tag() != null || (filter.and() != null && !filter.and().tags().isEmpty())) {
                return null; // the store's objects have no tags
            }
            prefix = filter.and() == null ? first(filter.prefix(), prefix) : filter.and().prefix();
            above = filter.and() == null ? filter.objectSizeGreaterThan() : filter.and().objectSizeGreaterThan();
        }
        if (above != null && above >= LARGEST) {
            return null;
        }
        String wanted = prefix == null ? "" : prefix;
        if (wanted.startsWith(location.prefix())) {
            return wanted.substring(location.prefix().length());
        }
        return location.prefix().startsWith(wanted) ? "" : null;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    /** The answer, or null if the server has nothing of the kind. */
    private <T> @Nullable T ask(String what, String action, Supplier<T> request) {
        try {
            return retries.read(request);
        } catch (RuntimeException failure) {
            if (Failures.notImplemented(failure) || Failures.notConfigured(failure)) {
                return null;
            }
            S3ObjectStore.keepInterrupt(failure);
            if (Failures.meaning(failure) == Failures.Meaning.UNKNOWN) {
                throw failures.unavailable(what + " of the bucket", failure, false);
            }
            throw failures.refused(what + " of the bucket", action + " on bucket '" + location.bucket() + "'", failure);
        }
    }
}
