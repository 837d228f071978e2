package dev.windlass.simulation;

/**
 * How many requests were sent, whatever came of them.
 *
 * @param puts writes
 * @param gets reads
 * @param lists pages of keys or names
 * @param deletes deletes
 */
public record RequestCounts(long puts, long gets, long lists, long deletes) {
    static final RequestCounts NONE = new RequestCounts(0, 0, 0, 0);

    /** What came on top of an earlier count. */
    public RequestCounts minus(RequestCounts earlier) {
        return new RequestCounts(puts - earlier.puts, gets - earlier.gets, lists - earlier.lists,
                deletes - earlier.deletes);
    }

    RequestCounts plusOne(RequestKind kind) {
        return switch (kind) {
            case PUT -> new RequestCounts(puts + 1, gets, lists, deletes);
            case GET -> new RequestCounts(puts, gets + 1, lists, deletes);
            case LIST -> new RequestCounts(puts, gets, lists + 1, deletes);
            case DELETE -> new RequestCounts(puts, gets, lists, deletes + 1);
        };
    }
}
