package dev.windlass.cli.command;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Schemas as commands print them. */
final class SchemaText {
    private SchemaText() {
    }

    /** What is published for a type, which must be something. */
    static TaskSchema get(Windlass windlass, String type) {
        TaskSchema schema = Schemas.on(windlass).get(type);
        if (schema == null) {
            throw new InvalidInputException("No schema is published for type \"" + type
                    + "\". Check the name; `windlass schema list` shows those that are.");
        }
        return schema;
    }

    static ObjectNode json(TaskSchema schema) {
        ObjectNode json = JsonText.object().put("type", schema.type()).put("version", schema.version())
                .put("publishedAt", schema.publishedAt().toString()).put("publishedBy", schema.publishedBy());
        json.set("input", tree(schema.input()));
        json.set("output", tree(schema.output()));
        return json;
    }

    private static @Nullable JsonNode tree(@Nullable String schema) {
        return schema == null ? null : JsonText.MAPPER.readTree(schema);
    }
}
