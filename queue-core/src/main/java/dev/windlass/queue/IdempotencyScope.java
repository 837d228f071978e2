package dev.windlass.queue;

import dev.windlass.InvalidInputException;

/** Among which tasks an idempotency key is one: the same key in two scopes is two keys. Immutable. */
public final class IdempotencyScope {
    private static final IdempotencyScope TYPE = new IdempotencyScope(Kind.TYPE, "");
    private static final IdempotencyScope QUEUE = new IdempotencyScope(Kind.QUEUE, "");
    private static final int LONGEST = 200;

    /** What names the scope. */
    public enum Kind {
        /** The name of the task's type. */
        TYPE,
        /** The name of its queue. */
        QUEUE,
        /** A name of the user's own. */
        CUSTOM
    }

    private final Kind kind;
    private final String name;

    private IdempotencyScope(Kind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** Among tasks of the same type, in whatever queue: the default. */
    public static IdempotencyScope type() {
        return TYPE;
    }

    /** Among tasks of the same queue, of whatever type. */
    public static IdempotencyScope queue() {
        return QUEUE;
    }

    /**
     * Among all tasks with this scope.
     *
     * @param name any text of 1 to 200 characters
     */
    public static IdempotencyScope custom(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new InvalidInputException("The name of the idempotency scope has " + name.length()
                    + " characters. Use 1 to " + LONGEST + ".");
        }
        return new IdempotencyScope(Kind.CUSTOM, name);
    }

    /** What names it. */
    public Kind kind() {
        return kind;
    }

    /** Its name, of one of the user's own; otherwise empty. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdempotencyScope scope && scope.kind == kind && scope.name.equals(name);
    }

    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + name.hashCode();
    }

    @Override
    public String toString() {
        return kind == Kind.CUSTOM ? "custom:" + name : kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
