package dev.windlass.schema;

import java.io.Serializable;

/**
 * Where a value does not fit its schema.
 *
 * @param path where in the value, as a JSON Pointer (RFC 6901): {@code /lines/3/price}; empty for the value as a whole
 * @param message what is wrong there
 */
public record SchemaViolation(String path, String message) implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
        return (path.isEmpty() ? "(the value itself)" : path) + ": " + message;
    }
}
