package dev.windlass.internal;

import java.lang.reflect.Type;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON by Jackson: one immutable mapper for the store's own documents, and the same defaults for payloads. */
public final class Json {
    /** The mapper; decimal fractions keep every digit. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS).build();

    private Json() {
    }

    /** Bytes of a tree. */
    public static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    /** The object that the bytes hold, or null if they hold something else. */
    public static @Nullable ObjectNode object(byte[] bytes) {
        try {
            return MAPPER.readTree(bytes) instanceof ObjectNode object ? object : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * A user's value as a tree.
     *
     * @param what whose value, for the message
     */
    public static JsonNode encode(JsonMapper mapper, String what, @Nullable Object value) {
        try {
            // Through bytes, so that what is stored is what a reader will see.
            return mapper.readTree(mapper.writeValueAsBytes(value));
        } catch (JacksonException e) {
            throw new InvalidInputException(what + " cannot be encoded as JSON: " + e.getOriginalMessage()
                    + ". Give the type public properties, or configure the mapper of the connection.", e);
        }
    }

    /**
     * A tree as a user's value.
     *
     * @param what whose value, for the message
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the type says it
    public static <T> T decode(JsonMapper mapper, String what, JsonNode tree, Type type) {
        try {
            return mapper.treeToValue(tree, mapper.constructType(type));
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    what + " cannot be read as " + type.getTypeName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
