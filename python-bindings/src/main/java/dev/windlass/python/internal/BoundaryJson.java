package dev.windlass.python.internal;

import dev.windlass.InvalidInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as it crosses the boundary: ASCII, and decimal fractions with every digit. */
final class BoundaryJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private BoundaryJson() {
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String text(JsonNode tree) {
        return MAPPER.writeValueAsString(tree);
    }

    static String quoted(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /**
     * What came from Python.
     *
     * @param what it is, for the message
     * @throws InvalidInputException if this is no JSON, or JSON that cannot be stored
     */
    static JsonNode parse(String what, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new InvalidInputException(what + " cannot be read as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static ObjectNode parseObject(String what, String text) {
        if (parse(what, text) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidInputException(what + " is no JSON object.");
    }
}
