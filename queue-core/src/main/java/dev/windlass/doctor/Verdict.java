package dev.windlass.doctor;

/** What a check came to; the later, the worse. */
public enum Verdict {
    /** As it should be. */
    GOOD,
    /** Not looked at: what it needs did not work. */
    SKIPPED,
    /** It works, and there is something to know. */
    NOTE,
    /** Tasks can be lost, or cannot be worked on, on this store. */
    BAD
}
