package dev.windlass.schema;

import java.util.List;

import dev.windlass.InvalidInputException;

/** An input or a result does not fit the schema of its type. Nothing was written. */
public final class SchemaViolationException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    private final SchemaViolation[] violations;

    /**
     * @param message what does not fit what, and where
     * @param violations all of it
     */
    public SchemaViolationException(String message, List<SchemaViolation> violations) {
        super(message);
        this.violations = violations.toArray(SchemaViolation[]::new);
    }

    /** Where it does not fit; at least one. */
    public List<SchemaViolation> violations() {
        return List.of(violations);
    }
}
