package dev.windlass.simulation;

/** The kinds of requests that a store counts. */
public enum RequestKind {
    /** A write, with or without a precondition. */
    PUT,
    /** A read of one object. */
    GET,
    /** A page of keys, or of names below a prefix. */
    LIST,
    /** A delete, with or without an ETag. */
    DELETE
}
