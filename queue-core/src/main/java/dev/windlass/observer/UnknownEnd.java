package dev.windlass.observer;

/** How a write ended of which at least one try was not answered. */
public enum UnknownEnd {
    /** It has landed, at that try or a later one. */
    LANDED,
    /** It never landed, and never will: another write came first. */
    LOST,
    /** It is still not known: patience ended. Whoever wrote was told so, and the protocol fences it. */
    OPEN
}
