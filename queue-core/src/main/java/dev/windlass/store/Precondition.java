package dev.windlass.store;

/** What must hold for a put to be applied. */
public sealed interface Precondition {

    /** No object stands under the key. */
    static Precondition ifAbsent() {
        return IfAbsent.INSTANCE;
    }

    /**
     * The object under the key is the version with this ETag.
     *
     * @param etag as a get or a put answered it
     */
    static Precondition ifMatch(String etag) {
        return new IfMatch(etag);
    }

    /** Anything: overwrites. */
    static Precondition none() {
        return None.INSTANCE;
    }

    /** See {@link #ifAbsent()}. */
    enum IfAbsent implements Precondition {
        /** The only one. */
        INSTANCE
    }

    /** See {@link #none()}. */
    enum None implements Precondition {
        /** The only one. */
        INSTANCE
    }

    /**
     * See {@link #ifMatch(String)}.
     *
     * @param etag the ETag that the object must have
     */
    record IfMatch(String etag) implements Precondition {}
}
