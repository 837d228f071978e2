package dev.windlass.workflow;

/**
 * How a child is bound to its parent. Immutable.
 *
 * @param cancelledWithParent whether it is cancelled if it is open when its parent ends; else it goes on alone
 * @param start how it is started; the id policy is not used, since a child is started once
 */
public record ChildOptions(boolean cancelledWithParent, StartOptions start) {
    private static final ChildOptions DEFAULTS = new ChildOptions(true, StartOptions.ofDefaults());

    /** Cancelled with the parent; started with the defaults of {@link StartOptions}. */
    public static ChildOptions ofDefaults() {
        return DEFAULTS;
    }

    /** The same, but it goes on when its parent ends. */
    public ChildOptions abandoned() {
        return new ChildOptions(false, start);
    }

    /**
     * The same, started otherwise.
     *
     * @param start priority, and owners that may be lost
     */
    public ChildOptions withStart(StartOptions start) {
        return new ChildOptions(cancelledWithParent, start);
    }
}
