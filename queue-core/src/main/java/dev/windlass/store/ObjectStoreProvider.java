package dev.windlass.store;

import java.net.URI;

/**
 * Opens the stores of some URI schemes. Found by {@link java.util.ServiceLoader}, so a backend on the class path or
 * module path is all that is needed.
 */
public interface ObjectStoreProvider {

    /**
     * Whether this provider opens URIs of that scheme.
     *
     * @param scheme in lower case, without the colon, such as {@code s3}
     */
    boolean supports(String scheme);

    /**
     * Opens a store. Reads and checks settings, but writes nothing to the store.
     *
     * @param uri the place, with a scheme that {@link #supports(String)} accepted
     * @param settings what else the backend needs
     * @throws dev.windlass.InvalidInputException if the URI is not one of this backend's
     * @throws StoreRefusedException if the place cannot be used
     */
    ObjectStore open(URI uri, StoreSettings settings);
}
