package dev.windlass.simulation;

/** The rules of docs/protocol.md, "Names come back to life", each of which {@link NameReuseWorld} can do without. */
enum NameReuseRule {
    /** What ends for good is first made Removed by compare-and-swap, and deleted only then. */
    REMOVED_FIRST,
    /** Nothing leads back from Removed, where objects of that name are deleted without a condition. */
    ABSORBING,
    /** Removed stands for the bound on lateness before it is deleted. */
    BOUND,
    /** A submission that landed later than the bound after it was stamped is void: for readers, writers and its author. */
    CHECK,
    /** Every try of a create has bytes of its own, so that the ETag of a version never comes back. */
    DISTINCT_TRIES,
    /** Beside a name without a life, a ready key is garbage only once it is older than the bound. */
    KEYS_OUTLAST_STUBS,
    /** A submission slower than the grace period makes its task claimable anew before it is acknowledged. */
    REQUEUE,
    /** Ready keys have names that no other try shares. */
    UNIQUE_READY_KEYS,
    /** An object whose name can be used again is deleted only in the version that was read. */
    CONDITIONAL_DELETE,
    /** An object whose name can be used again is never deleted: Removed is kept. */
    STUB_KEPT
}
