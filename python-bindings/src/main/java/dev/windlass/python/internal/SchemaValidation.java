package dev.windlass.python.internal;

import java.util.List;
import java.util.stream.Collectors;

import dev.windlass.schema.SchemaViolation;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.schema.Schemas;
import org.jspecify.annotations.Nullable;

/** Checks of values that are not to be stored. */
public final class SchemaValidation {
    private static final int SHOWN = 5;

    private SchemaValidation() {
    }

    /** See {@link dev.windlass.python.Gateway#validate}. */
    public static @Nullable String validate(String request) {
        try {
            Arguments asked = Arguments.parse("validate", request);
            List<SchemaViolation> violations = Schemas.validate(BoundaryJson.text(asked.tree("schema")),
                    BoundaryJson.text(asked.tree("value")));
            if (violations.isEmpty()) {
                return null;
            }
            throw new SchemaViolationException(asked.text("what") + " does not fit its schema: " + text(violations)
                    + ".", violations);
        } catch (RuntimeException | StackOverflowError e) {
            return Failures.json(e);
        }
    }

    private static String text(List<SchemaViolation> violations) {
        String shown = violations.stream().limit(SHOWN).map(SchemaViolation::toString)
                .collect(Collectors.joining("; "));
        return violations.size() <= SHOWN ? shown : shown + "; and " + (violations.size() - SHOWN) + " more";
    }
}
