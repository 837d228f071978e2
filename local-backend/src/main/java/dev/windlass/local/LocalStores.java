package dev.windlass.local;

import java.net.URI;

import dev.windlass.InvalidInputException;
import dev.windlass.environment.Environment;
import dev.windlass.store.ObjectStore;
import dev.windlass.store.ObjectStoreProvider;
import dev.windlass.store.StoreSettings;

/**
 * Opens {@code file:} and {@code mem:} stores.
 *
 * <ul>
 * <li>{@code file:.windlass}, {@code file:./data}, {@code file:/var/lib/jobs}, {@code file:///var/lib/jobs}: a
 * directory, made at the first write, which any number of processes of one host may share. Options, in the query or
 * in {@link StoreSettings#options()}:
 * <ul>
 * <li>{@code fsync}, default {@code true}: a put has reached the disk before it answers. With {@code false} it
 * survives the death of processes, but not a power loss or a crash of the operating system.</li>
 * <li>{@code allowNetworkFileSystem}, default {@code false}: do not refuse NFS, SMB and the like. Right only where
 * byte-range locks and renames are atomic and coherent between all hosts.</li>
 * </ul></li>
 * <li>{@code mem:}: a new, empty store in memory, private to the connection and gone with it. What follows the colon
 * is a label without meaning.</li>
 * </ul>
 *
 * <p>Safe for use by any number of threads, and so are the stores.
 */
public final class LocalStores implements ObjectStoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public LocalStores() {
        // no state
    }

    /** A new, empty store in memory, on the host's clock. Nothing of it is durable. */
    public static ObjectStore memory() {
        return memory(Environment.system());
    }

    /**
     * A new, empty store in memory. Nothing of it is durable.
     *
     * @param environment its wall clock is the store's time
     */
    public static ObjectStore memory(Environment environment) {
        return new MemoryObjectStore(environment, new MemoryObjectStore.Content());
    }

    @Override
    public boolean supports(String scheme) {
        return scheme.equals("file") || scheme.equals("mem");
    }

    @Override
    public ObjectStore open(URI uri, StoreSettings settings) {
        String scheme = uri.getScheme();
        if ("mem".equalsIgnoreCase(scheme)) {
            LocalUri.refuseOptions(uri, settings);
            return memory(settings.environment());
        }
        if ("file".equalsIgnoreCase(scheme)) {
            LocalUri place = LocalUri.parse(uri, settings);
            return FileObjectStore.open(place, settings.environment());
        }
        throw new InvalidInputException(
                "'" + uri
                        + "' is not a place of the local backend; it opens file: and mem: URIs, such as file:.windlass");
    }
}
