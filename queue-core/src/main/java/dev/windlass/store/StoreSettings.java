package dev.windlass.store;

import java.util.Map;

import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What a provider gets beside the URI.
 *
 * @param environment time, threads and randomness
 * @param concurrency how many requests may be under way at once; connection pools are sized by it
 * @param options settings by name, such as {@code endpoint} or {@code fsync}; a query parameter of the URI wins over
 *            the same name here, and an unknown name is refused by the backend that it is meant for
 */
public record StoreSettings(Environment environment, int concurrency, Map<String, String> options) {

    /** Copies the options. */
    public StoreSettings {
        options = Map.copyOf(options);
    }

    /**
     * One option.
     *
     * @param name its name
     * @return its value, or null if it is not set
     */
    public @Nullable String option(String name) {
        return options.get(name);
    }
}
