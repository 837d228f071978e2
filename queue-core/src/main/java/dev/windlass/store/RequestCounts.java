package dev.windlass.store;

/**
 * Requests by kind, as a store bills them.
 *
 * @param put PUT requests, each try counted
 * @param get GET requests
 * @param list LIST requests: pages of keys or names
 * @param delete DELETE requests, which S3 does not bill
 * @param conflicts PUT requests whose precondition did not hold; contained in {@code put}
 * @param unknown PUT requests without a known outcome; contained in {@code put}
 */
public record RequestCounts(long put, long get, long list, long delete, long conflicts, long unknown) {

    /** Nothing yet. */
    public static final RequestCounts NONE = new RequestCounts(0, 0, 0, 0, 0, 0);

    /** What is billed: all but DELETE. */
    public long billed() {
        return put + get + list;
    }

    /**
     * Both together.
     *
     * @param other more requests
     */
    public RequestCounts plus(RequestCounts other) {
        return new RequestCounts(put + other.put, get + other.get, list + other.list, delete + other.delete,
                conflicts + other.conflicts, unknown + other.unknown);
    }

    /**
     * What came since.
     *
     * @param earlier counts of the same store, taken before
     */
    public RequestCounts minus(RequestCounts earlier) {
        return new RequestCounts(put - earlier.put, get - earlier.get, list - earlier.list, delete - earlier.delete,
                conflicts - earlier.conflicts, unknown - earlier.unknown);
    }
}
