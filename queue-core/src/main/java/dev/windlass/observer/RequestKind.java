package dev.windlass.observer;

/** What is asked of a store, as it bills it. */
public enum RequestKind {
    /** A conditional or plain PUT. */
    PUT,
    /** A GET. */
    GET,
    /** A page of keys or of names. */
    LIST,
    /** A conditional or plain DELETE. */
    DELETE
}
