package dev.windlass.s3;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Set;

import dev.windlass.store.StoreRefusedException;
import dev.windlass.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * What a failed request means. The SDK throws; the protocol wants to know one thing only: has the request certainly
 * changed nothing, now and for ever, or is that not known?
 */
final class Failures {

    /** What a failure means for the request that met it. */
    enum Meaning {
        /** The precondition did not hold. */
        CONFLICT,
        /** There is no object under that key. */
        MISSING,
        /** Refused, and will be again. */
        REFUSED,
        /** No answer, or one that says nothing: the request may have landed, may land later, or never. */
        UNKNOWN
    }

    /** Codes of 4xx answers that say "not now" rather than "no". */
    private static final Set<String> NOT_NOW = Set.of("RequestTimeout", "RequestTimeTooSkewed", "IncompleteBody",
            "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests",
            "OperationAborted", "ConditionalRequestConflict", "InternalError");

    /** Chains of causes are followed so far, for they may be rings. */
    private static final int MAX_DEPTH = 20;

    private final S3Location location;

    Failures(S3Location location) {
        this.location = location;
    }

    /** What this failure means. */
    static Meaning meaning(RuntimeException failure) {
        if (failure instanceof AwsServiceException answer) {
            return meaning(answer.statusCode(), code(answer));
        }
        return causeOf(failure, ChainCredentials.NoCredentialsException.class) == null
                ? Meaning.UNKNOWN
                : Meaning.REFUSED;
    }

    private static Meaning meaning(int status, String code) {
        if (NOT_NOW.contains(code)) {
            return Meaning.UNKNOWN;
        }
        return switch (status) {
            case 412 -> Meaning.CONFLICT;
            case 404 -> code.equals("NoSuchKey") ? Meaning.MISSING : Meaning.REFUSED;
            case 501 -> Meaning.REFUSED;
            case 408, 409, 425, 429 -> Meaning.UNKNOWN;
            default -> status >= 300 && status < 500 ? Meaning.REFUSED : Meaning.UNKNOWN;
        };
    }

    /** Whether it says that the credentials have no permission: S3 says so of what is missing, too, if one may not list. */
    static boolean denied(RuntimeException failure) {
        return failure instanceof AwsServiceException answer && answer.statusCode() == 403
                && code(answer).equals("AccessDenied");
    }

    /** Whether the server does not have that kind of request. */
    static boolean notImplemented(RuntimeException failure) {
        return failure instanceof AwsServiceException answer
                && (answer.statusCode() == 501 || answer.statusCode() == 405);
    }

    /** Whether it says that nothing of the kind is configured. */
    static boolean notConfigured(RuntimeException failure) {
        return failure instanceof AwsServiceException answer && code(answer).equals("NoSuchLifecycleConfiguration");
    }

    /**
     * For a failure that means {@link Meaning#REFUSED}, or a conflict or a missing key where there can be none.
     *
     * @param permission what the request needs, and on what
     */
    StoreRefusedException refused(String request, String permission, RuntimeException failure) {
        String place = location.describe();
        if (!(failure instanceof AwsServiceException answer)) {
            return new StoreRefusedException("no AWS credentials were found to " + request + " in " + place
                    + ": set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role gives them",
                    failure);
        }
        return new StoreRefusedException(place + " refused to " + request + ": " + reason(answer, permission), answer);
    }

    private String reason(AwsServiceException answer, String permission) {
        String code = code(answer);
        String said = answer.statusCode() + (code.isEmpty() ? "" : " " + code);
        return switch (code) {
            case "NoSuchBucket" -> "there is no bucket '" + location.bucket()
                    + "' (NoSuchBucket): create it, or check its name, region and endpoint";
            case "InvalidAccessKeyId", "XAdminUserNotFound", "NotSignedUp" ->
                "it does not know the access key (" + code + "): check "
                        + "AWS_ACCESS_KEY_ID or AWS_PROFILE, and that they belong to this endpoint";
            case "SignatureDoesNotMatch" -> "the secret key is wrong (SignatureDoesNotMatch): check "
                    + "AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and that they belong to this endpoint";
            case "AccessDenied", "AllAccessDisabled", "AccountProblem" -> "the credentials have no permission (" + said
                    + "): allow " + permission + " (docs/iam has a policy for each role)";
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" -> "the session token is no longer valid ("
                    + code + "): get new credentials";
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
                    "TemporaryRedirect" ->
                wrongRegion(answer, said);
            default -> answer.statusCode() == 301 ? wrongRegion(answer, said) : other(answer, said);
        };
    }

    private String wrongRegion(AwsServiceException answer, String said) {
        String region = header(answer, "x-amz-bucket-region");
        return "the bucket is in another region than the request (" + said + "): add ?region="
                + (region == null ? "REGION, the bucket's own," : region) + " to the URI, or set S3_REGION";
    }

    private static String other(AwsServiceException answer, String said) {
        String message = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorMessage();
        String why = said + (message == null || message.isBlank() ? "" : ", " + message);
        if (answer.statusCode() == 501) {
            return "it does not implement the request (" + why
                    + "); conditional puts are needed: use a server that has them";
        }
        return why + "; check the bucket, the endpoint, and that it speaks S3";
    }

    /** For a failure that means {@link Meaning#UNKNOWN}. */
    StoreUnavailableException unavailable(String request, RuntimeException failure, boolean write) {
        return new StoreUnavailableException(location.describe() + " gave no usable answer to a request to " + request
                + ": " + symptom(failure) + (write ? "; whether it landed is not known" : ""), failure);
    }

    private String symptom(RuntimeException failure) {
        String server = location.endpoint() == null ? "Amazon S3" : location.endpoint().toString();
        if (failure instanceof AwsServiceException answer) {
            return "it answered " + answer.statusCode() + " " + code(answer) + "; try again later";
        }
        if (interrupted(failure)) {
            return "the thread was interrupted";
        }
        if (causeOf(failure, UnknownHostException.class) != null) {
            return "the host name of " + server + " is not known; check the endpoint, the region and the network";
        }
        if (causeOf(failure, java.net.ConnectException.class) != null) {
            return "nothing listens at " + server + "; check the endpoint, and that the server runs";
        }
        Throwable deepest = failure;
        for (int depth = 0; depth < MAX_DEPTH && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
        return message + "; check the network and " + server + ", and try again later";
    }

    /** Whether it came from an interrupt of the calling thread, whose flag the SDK may have cleared. */
    static boolean interrupted(RuntimeException failure) {
        if (causeOf(failure, AbortedException.class) != null || causeOf(failure, InterruptedException.class) != null
                || causeOf(failure, ClosedByInterruptException.class) != null) {
            return true;
        }
        InterruptedIOException stopped = causeOf(failure, InterruptedIOException.class);
        if (stopped != null && !(stopped instanceof java.net.SocketTimeoutException)
                && stopped.getClass() == InterruptedIOException.class) {
            return true;
        }
        SocketException broken = causeOf(failure, SocketException.class);
        return broken != null && "Closed by interrupt".equals(broken.getMessage());
    }

    private static String code(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    /** One header of the answer that this exception came from, or null. */
    static @Nullable String header(AwsServiceException answer, String name) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null
                ? null
                : answer.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(name).orElse(null);
    }

    private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
            each = each.getCause();
        }
        return null;
    }
}
