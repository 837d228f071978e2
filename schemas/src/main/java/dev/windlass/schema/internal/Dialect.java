package dev.windlass.schema.internal;

import java.util.List;
import java.util.Locale;

import com.networknt.schema.InvalidSchemaRefException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import dev.windlass.InvalidInputException;
import dev.windlass.schema.SchemaViolation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON Schema 2020-12, and no other. Nothing is loaded from anywhere: a reference leads into the same schema, or to that of
 * schemas. Safe for use by any number of threads.
 */
public final class Dialect {
    /** What a schema may call itself. */
    static final String ID = Dialects.getDraft202012().getId();
    private static final int LARGEST = 256 * 1024;
    private static final int SHOWN = 5;
    private static final String ENDLESS = " refers to itself without an end, or the value nests too deep for it";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final SchemaRegistry registry;
    private final Schema ofSchemas;

    public Dialect() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build();
        this.registry = SchemaRegistry.withDialect(Dialects.getDraft202012(),
                builder -> builder.schemaRegistryConfig(config).schemaCacheEnabled(false)
                        .schemaLoader(loader -> loader.allow(
                                iri -> iri.toString().startsWith("https://json-schema.org/draft/2020-12/"))));
        this.ofSchemas = registry.getSchema(SchemaLocation.of(ID));
    }

    /**
     * Reads JSON.
     *
     * @param what what it is, at the beginning of a sentence
     */
    public static JsonNode read(String what, String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isMissingNode()) {
                throw new InvalidInputException(what + " is empty. Give JSON.");
            }
            return node;
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new InvalidInputException(what + " is not JSON"
                    + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr()) + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse("syntax error"), e);
        }
    }

    /** Writes it. */
    static String write(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }

    static byte[] bytes(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    /** A schema, ready for use. */
    public static final class Compiled {
        private final String what;
        private final Schema schema;

        private Compiled(String what, Schema schema) {
            this.what = what;
            this.schema = schema;
        }

        /**
         * Where a value does not fit; empty if it does.
         *
         * @throws InvalidInputException if the schema cannot be applied to it
         */
        public List<SchemaViolation> violations(JsonNode value) {
            try {
                return Dialect.violations(schema, value);
            } catch (SchemaException e) {
                throw new InvalidInputException(what + " cannot be applied: " + reason(e), e);
            } catch (StackOverflowError e) {
                throw new InvalidInputException(what + ENDLESS + '.', e);
            }
        }
    }

    /**
     * Makes a schema ready for use.
     *
     * @param what what it is, at the beginning of a sentence: "The schema of …"
     * @throws InvalidInputException if it is no schema of this dialect
     */
    public Compiled compile(String what, JsonNode schema) {
        int size = bytes(schema).length;
        if (size > LARGEST) {
            throw new InvalidInputException(what + " has " + size + " bytes as JSON; at most " + LARGEST
                    + " are allowed.");
        }
        String dialect = schema.path("$schema").asString(ID);
        if (!dialect.equals(ID) && !dialect.equals(ID + '#')) {
            throw new InvalidInputException(
                    what + " says that it is written in \"" + dialect + "\". Write it in JSON Schema"
                            + " 2020-12, \"" + ID + "\".");
        }
        List<SchemaViolation> wrong = violations(ofSchemas, schema);
        if (!wrong.isEmpty()) {
            throw new InvalidInputException(what + " is no JSON Schema 2020-12: " + text(wrong) + '.');
        }
        try {
            Schema ready = registry.getSchema(schema);
            ready.initializeValidators();
            var compiled = new Compiled(what, ready);
            compiled.violations(MAPPER.nullNode()); // a loop that any value gets into
            return compiled;
        } catch (InvalidSchemaRefException e) {
            throw new InvalidInputException(what + " has a reference that leads nowhere: " + reason(e)
                    + ". References may lead to other parts of the same schema.", e);
        } catch (SchemaException e) {
            throw new InvalidInputException(what + " cannot be used: " + reason(e)
                    + ". References may lead to other parts of the same schema; nothing is fetched.", e);
        } catch (StackOverflowError e) {
            throw new InvalidInputException(what + ENDLESS + '.', e);
        }
    }

    private static List<SchemaViolation> violations(Schema schema, JsonNode value) {
        return schema.validate(value).stream()
                .map(error -> new SchemaViolation(error.getInstanceLocation().toString(), error.getMessage()))
                .distinct().toList();
    }

    private static String reason(SchemaException e) {
        Throwable cause = e.getCause();
        String said = cause == null ? e.getMessage() : cause.getMessage();
        return said == null ? e.getClass().getSimpleName() : said.lines().findFirst().orElse(said);
    }

    /** The first of them, for a message. */
    static String text(List<SchemaViolation> violations) {
        StringBuilder text = new StringBuilder();
        violations.stream().limit(SHOWN).forEach(each -> text.append(text.isEmpty() ? "" : "; ").append(each));
        if (violations.size() > SHOWN) {
            text.append("; and ").append(violations.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}
