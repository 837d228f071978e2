package dev.windlass.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

import dev.windlass.InvalidInputException;

/** Opens stores by URI. Backends are found by {@link ServiceLoader}: by this class's loader, then the thread's. */
public final class ObjectStores {
    private static final String KNOWN = "Use file:directory, s3://bucket/prefix or mem:.";

    private ObjectStores() {
    }

    /**
     * Opens a store. Writes nothing to it.
     *
     * @param uri the place
     * @param settings what the backend needs beside it
     * @throws InvalidInputException if the text is no URI, or no backend knows its scheme
     */
    public static ObjectStore open(String uri, StoreSettings settings) {
        URI parsed;
        if (uri.endsWith(":") && !uri.equalsIgnoreCase("mem:")) {
            throw new InvalidInputException("\"" + uri + "\" names no place after its scheme. " + KNOWN);
        }
        try {
            // A URI must not end after its scheme, and a store in memory has nothing to say there.
            parsed = new URI(uri.equalsIgnoreCase("mem:") ? "mem:///" : uri.replace(" ", "%20"));
        } catch (URISyntaxException e) {
            throw new InvalidInputException("\"" + uri + "\" is no store URI: " + e.getReason() + ". " + KNOWN, e);
        }
        String scheme = parsed.getScheme();
        if (scheme == null) {
            throw new InvalidInputException(
                    "\"" + uri + "\" has no scheme. " + KNOWN + " Did you mean file:" + uri + "?");
        }
        String lower = scheme.toLowerCase(Locale.ROOT);
        for (ObjectStoreProvider provider : providers()) {
            if (provider.supports(lower)) {
                return provider.open(parsed, settings);
            }
        }
        throw new InvalidInputException("No backend knows the scheme \"" + scheme + ":\" of \"" + uri + "\". " + KNOWN
                + " The backend's jar must be on the class path or module path.");
    }

    private static List<ObjectStoreProvider> providers() {
        var found = new ArrayList<ObjectStoreProvider>();
        ServiceLoader.load(ObjectStoreProvider.class, ObjectStores.class.getClassLoader()).forEach(found::add);
        ServiceLoader.load(ObjectStoreProvider.class).forEach(found::add);
        return found;
    }
}
