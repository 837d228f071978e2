package dev.windlass.cost;

import java.util.Optional;
import java.util.stream.Stream;

/** What a store bills. Prices are in dollars. */
public enum PriceKind {
    /** A million PUT requests. */
    PUT("put-per-million", true),
    /** A million GET requests. */
    GET("get-per-million", true),
    /** A million LIST requests. */
    LIST("list-per-million", true),
    /** A million DELETE requests. */
    DELETE("delete-per-million", true),
    /** A million HEAD requests. */
    HEAD("head-per-million", true),
    /** A GB (2^30 bytes) stored for a month. */
    STORAGE("storage-per-gb-month", true),
    /** A GB sent with PUT requests. */
    UPLOAD("upload-per-gb", false),
    /** A GB received with GET requests. */
    DOWNLOAD("download-per-gb", false);

    private final String key;
    private final boolean required;

    PriceKind(String key, boolean required) {
        this.key = key;
        this.required = required;
    }

    /** Its name in files. */
    public String key() {
        return key;
    }

    /** Whether a price table must name it; others are zero where they are not named. */
    public boolean required() {
        return required;
    }

    /** The kind of that name, if there is one. */
    public static Optional<PriceKind> of(String key) {
        return Stream.of(values()).filter(kind -> kind.key.equals(key)).findFirst();
    }
}
