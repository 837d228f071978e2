package dev.windlass.store;

import java.util.List;

/**
 * What a store does to its objects by itself, as its operator has set it up: nobody's request. A backend that knows of
 * such settings answers by {@link ObjectStore#rules()}; only {@code windlass doctor} asks. Each call is a request or
 * none, and throws what reads throw: {@link StoreRefusedException} if the credentials may not look, and
 * {@link StoreUnavailableException} if there is no answer. Safe for use by any number of threads.
 */
public interface StoreRules {

    /** The rules of a store that does nothing by itself. */
    static StoreRules none() {
        return NoRules.INSTANCE;
    }

    /**
     * Whether earlier versions and deleted objects are kept, so that a listing has to pass over what was deleted.
     */
    boolean keepsDeleted();

    /** The rules by which live objects of this store are taken away; empty if none is. */
    List<Expiry> expiries();

    /**
     * A rule that takes objects away once they are old.
     *
     * @param rule what its author calls it
     * @param prefix which objects: those whose keys begin so, as seen through this store; empty for all
     * @param effect what becomes of them
     * @param when at what age, for people, such as {@code 30 days old}
     */
    record Expiry(String rule, String prefix, Effect effect, String when) {}

    /** What becomes of an object under a rule. */
    enum Effect {
        /** It is removed. */
        REMOVED,
        /** It goes to an archive, from which it cannot be read at once. */
        ARCHIVED
    }

    /** See {@link #none()}. */
    enum NoRules implements StoreRules {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean keepsDeleted() {
            return false;
        }

        @Override
        public List<Expiry> expiries() {
            return List.of();
        }
    }
}
