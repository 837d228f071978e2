package dev.windlass.s3.server;

/**
 * What S3 servers do each in their own way, and Windlass must bear either way. Tests hold each server to what is stated
 * here.
 *
 * @param missingKeyStatus the status of a put with {@code If-Match} on a key that is not there: 404, as Amazon's, or 412
 * @param conditionalDelete what becomes of a delete whose {@code If-Match} does not hold
 * @param checksCredentials whether a request with other keys is refused
 * @param keepsDataWhenKilled whether what was acknowledged is there after {@link S3Server#kill()} and
 *            {@link S3Server#startAgain()}
 */
public record Traits(int missingKeyStatus, ConditionalDelete conditionalDelete, boolean checksCredentials,
        boolean keepsDataWhenKilled) {

    /** What becomes of a delete whose {@code If-Match} does not hold. */
    public enum ConditionalDelete {
        /** 412, and the object stays; yet not atomic against puts. */
        CHECKED,
        /** 204, and the object is gone. */
        IGNORED,
        /** 501, and the object stays. */
        NOT_IMPLEMENTED
    }
}
