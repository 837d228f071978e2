package dev.windlass.python.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import dev.windlass.InvalidInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of a call, by name; what is missing or of another kind is named. */
record Arguments(String verb, ObjectNode json) {

    static Arguments parse(String verb, String text) {
        return new Arguments(verb, BoundaryJson.parseObject("The arguments of " + verb, text));
    }

    boolean has(String name) {
        return json.hasNonNull(name);
    }

    /** The value, or JSON's null if it is not there. */
    JsonNode tree(String name) {
        JsonNode value = json.path(name);
        return value.isMissingNode() ? json.nullNode() : value;
    }

    Arguments object(String name) {
        return new Arguments(verb, tree(name) instanceof ObjectNode object ? object : BoundaryJson.object());
    }

    String text(String name) {
        String text = textOrNull(name);
        if (text == null) {
            throw wrong(name, "a text");
        }
        return text;
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = tree(name);
        if (value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, "a text");
        }
        return value.asString();
    }

    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (JsonNode value : tree(name)) {
            if (!value.isString()) {
                throw wrong(name, "a list of texts");
            }
            texts.add(value.asString());
        }
        return texts;
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? tree(name).asBoolean(otherwise) : otherwise;
    }

    long number(String name) {
        JsonNode value = tree(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return value.asLong();
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    int count(String name, int otherwise) {
        long number = number(name, otherwise);
        if (number > Integer.MAX_VALUE || number < Integer.MIN_VALUE) {
            throw wrong(name, "a smaller number");
        }
        return (int) number;
    }

    double fraction(String name, double otherwise) {
        JsonNode value = tree(name);
        if (value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw wrong(name, "a number");
        }
        return value.asDouble();
    }

    @Nullable
    Duration millis(String name) {
        return has(name) ? Duration.ofMillis(number(name)) : null;
    }

    Duration millis(String name, Duration otherwise) {
        Duration given = millis(name);
        return given == null ? otherwise : given;
    }

    @Nullable
    Instant instant(String name) {
        String text = textOrNull(name);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidInputException(
                    name + " is \"" + text + "\". Use a time such as 2030-01-31T12:00:00Z.", e);
        }
    }

    private InvalidInputException wrong(String name, String wanted) {
        String given = BoundaryJson.text(tree(name));
        return new InvalidInputException(verb + ": " + name + " is "
                + (given.length() > 60 ? given.substring(0, 60) + "…" : given) + ". Use " + wanted + ".");
    }
}
