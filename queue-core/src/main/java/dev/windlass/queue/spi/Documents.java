package dev.windlass.queue.spi;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.store.ListPage;
import dev.windlass.store.NamesPage;
import dev.windlass.store.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * Objects written by compare-and-swap, with every outcome of a write resolved: no caller ever sees an unknown one. A
 * write ends as {@link Written.Won}, as {@link Written.Lost}, or with
 * {@link dev.windlass.store.StoreUnavailableException}, whose text says that the outcome is not known.
 *
 * <p>Own writes are recognised by a <b>write id</b> (see {@link EngineAccess#newWriteId()}): a fresh random text that the
 * caller puts into the body, and that later versions keep for as long as the write must be recognised. A body that
 * holds the id is, or descends from, one's own write; a body equal to the base byte for byte is still the base, and the
 * write may yet land; any other body means that the write lost for good.
 *
 * <p>Safe for use by any number of threads. Every method blocks, and retries with jitter for as long as the connection's
 * patience lasts.
 */
public interface Documents {

    /**
     * Reads one object.
     *
     * @param key the whole key
     * @return the object, or null if there is none
     * @throws dev.windlass.store.StoreUnavailableException if the store gives no answer
     */
    @Nullable
    StoredObject read(String key);

    /**
     * Creates an object, if there is none under its key. Durable on return of {@link Written.Won}; safe to repeat with
     * the same body.
     *
     * @param key the whole key
     * @param body the bytes, which hold the write id
     * @param writeId the id of this write
     * @return won, or lost with what stands there
     */
    Written create(String key, byte[] body, String writeId);

    /**
     * Replaces one version of an object. Durable on return of {@link Written.Won}.
     *
     * @param base the version to replace, as read or won
     * @param body the bytes, which hold the write id
     * @param writeId the id of this write, never used before
     * @return won, or lost with what stands there now
     */
    Written replace(StoredObject base, byte[] body, String writeId);

    /**
     * Writes an object that has one writer and one content: retried until it is known to have landed. Safe to repeat.
     *
     * @param key the whole key
     * @param body the bytes
     */
    void put(String key, byte[] body);

    /**
     * Deletes an object; retried until it is known to have landed.
     *
     * @param key the whole key
     */
    void delete(String key);

    /**
     * Lists one page of keys.
     *
     * @param prefix ends with {@code /}
     * @param startAfter only keys after this one, or null; unless {@link #listsInOrder()}, only the last key of the page
     *            before
     * @param limit at most so many, 1 to 1,000
     */
    ListPage list(String prefix, @Nullable String startAfter, int limit);

    /**
     * All that a listing tells of what is below a prefix: one LIST for each thousand.
     *
     * @param prefix ends with {@code /}
     * @return as the store lists them
     */
    default List<ListPage.Entry> entries(String prefix) {
        List<ListPage.Entry> entries = new ArrayList<>();
        boolean more = true;
        while (more) {
            ListPage page = list(prefix, entries.isEmpty() ? null : entries.getLast().key(), 1000);
            entries.addAll(page.entries());
            more = page.more() && !page.entries().isEmpty();
        }
        return entries;
    }

    /**
     * All keys below a prefix: one LIST for each thousand.
     *
     * @param prefix ends with {@code /}
     * @return as the store lists them
     */
    default List<String> keys(String prefix) {
        return entries(prefix).stream().map(ListPage.Entry::key).toList();
    }

    /**
     * Lists one page of the names that stand between a prefix and the next {@code /}, each once.
     *
     * @param prefix ends with {@code /}
     * @param startAfter only names after this one, or null
     * @param limit at most so many, 1 to 1,000
     */
    NamesPage names(String prefix, @Nullable String startAfter, int limit);

    /** Whether {@link #list} answers keys in their order. If not, a key may be on any page, and only all pages tell. */
    boolean listsInOrder();
}
