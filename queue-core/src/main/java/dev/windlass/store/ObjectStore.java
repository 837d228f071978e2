package dev.windlass.store;

import org.jspecify.annotations.Nullable;

/**
 * A bucket, or what behaves like one: keys, bytes, preconditions and the store's own time. The whole storage protocol
 * stands on this interface.
 *
 * <h2>What an implementation owes</h2>
 * <ul>
 * <li>A conditional put is atomic against every other put, in this process or another: of several puts with
 * {@link Precondition#ifAbsent()} on one key at most one is applied, and a put with
 * {@link Precondition#ifMatch(String)} is applied only over the very version of that ETag.</li>
 * <li>After a put or delete has answered, every later get and list, by anyone, sees it.</li>
 * <li>A read never sees half an object.</li>
 * <li>A put never retries by itself: one call is at most one request that may land. What is not known to have
 * landed or to have been refused is {@link PutResult.Unknown}.</li>
 * <li>Reads may retry, and throw {@link StoreUnavailableException} when they give up.</li>
 * </ul>
 *
 * <p>Keys are UTF-8 text of 1 to 1,024 bytes, segments separated by {@code /}, each segment 1 to 255 bytes of
 * printable ASCII without control characters; never {@code .} or {@code ..}; a key is never a
 * directory of another (no {@code a} beside {@code a/b}).
 *
 * <p>Every method may be called by any number of threads at once, and blocks the calling thread, which should be a
 * virtual one. A thread that is interrupted while it waits for an answer gets {@link PutResult.Unknown} or
 * {@link StoreUnavailableException}, with its interrupt flag set.
 */
public interface ObjectStore extends AutoCloseable {

    /** The place as a URI for people: scheme, bucket or directory, prefix; never a secret. */
    String location();

    /** What this store can do beyond the minimum; the same at every call. */
    Capabilities capabilities();

    /**
     * Reads one object.
     *
     * @param key the whole key
     * @return the object, or an answer without one if there is none
     * @throws StoreUnavailableException if the store gives no answer
     * @throws StoreRefusedException if it refuses for good
     */
    GetResult get(String key);

    /**
     * Writes one object, if the precondition holds. Never retried by the implementation.
     *
     * @param key the whole key
     * @param body the bytes, 0 to 64 MiB; not changed, and not kept after the call
     * @param precondition what must hold for the write to be applied
     * @return what came of it; {@link PutResult.Unknown} for everything that is neither known to have landed nor known
     *         to have been refused
     * @throws StoreRefusedException if the store refuses for good, and the write has certainly not landed and never will
     */
    PutResult put(String key, byte[] body, Precondition precondition);

    /**
     * Deletes one object; no error if there is none.
     *
     * @param key the whole key
     * @throws StoreUnavailableException if the outcome is not known: the delete may have landed, or land later
     * @throws StoreRefusedException if the store refuses for good
     */
    void delete(String key);

    /**
     * Deletes one object if it still has this ETag. Only where {@link Capabilities#conditionalDelete()}.
     *
     * @param key the whole key
     * @param etag the ETag that the object must have
     * @return whether the object is known to have been deleted by this call; false if it was another version or absent
     * @throws UnsupportedOperationException if the store cannot do this atomically
     * @throws StoreUnavailableException if the outcome is not known
     */
    boolean delete(String key, String etag);

    /**
     * Lists keys, one page: one request.
     *
     * @param prefix the beginning of the keys wanted; ends with {@code /} or is empty
     * @param startAfter only keys strictly after this one, in the order of their UTF-8 bytes, or null for all; need
     *            not exist. Without {@link Capabilities#orderedList()}: the last key of the page before, in the store's
     *            own order
     * @param limit at most so many keys, 1 to 1,000
     * @return keys in ascending order of their UTF-8 bytes, where {@link Capabilities#orderedList()}
     */
    ListPage list(String prefix, @Nullable String startAfter, int limit);

    /**
     * Lists the names one level below a prefix: what stands between the prefix and the next {@code /}; objects directly
     * below the prefix do not count. One request. The order is the store's: S3 gives names in the order of the name with a
     * {@code /} behind it.
     *
     * @param prefix ends with {@code /} or is empty
     * @param startAfter the last name of the page before, or null for the first page
     * @param limit at most so many names, 1 to 1,000
     */
    NamesPage listNames(String prefix, @Nullable String startAfter, int limit);

    /**
     * What the store does to its objects by itself. No request by itself: the answers' methods ask. A store that does
     * nothing by itself, as most, keeps the default.
     */
    default StoreRules rules() {
        return StoreRules.none();
    }

    /** Frees connections and files. Not one stored byte depends on it. A second call does nothing. */
    @Override
    void close();
}
