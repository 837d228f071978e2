package dev.windlass.python.internal;

import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about the schemas of a store. */
final class SchemaVerbs {
    private final Connections connections;

    SchemaVerbs(Connections connections) {
        this.connections = connections;
    }

    Verbs.Answer perform(String verb, Arguments arguments) {
        Schemas schemas = Schemas.on(connections.get(arguments.number("connection")).windlass());
        return switch (verb) {
            case "schema.publish" -> Verbs.Answer.of(json(schemas.publish(arguments.text("type"),
                    text(arguments, "input"), text(arguments, "output"), arguments.textOrNull("by"))));
            case "schema.get" -> {
                TaskSchema schema = schemas.get(arguments.text("type"));
                yield schema == null ? Verbs.Answer.nothing() : Verbs.Answer.of(json(schema));
            }
            case "schema.list" -> {
                ArrayNode types = BoundaryJson.object().putArray("types");
                schemas.list().forEach(schema -> types.add(schema.type()));
                yield Verbs.Answer.of(types);
            }
            case "schema.delete" -> Verbs.Answer.of(schemas.delete(arguments.text("type")));
            default -> throw Verbs.unknown(verb);
        };
    }

    private static @Nullable String text(Arguments arguments, String name) {
        return arguments.has(name) ? BoundaryJson.text(arguments.tree(name)) : null;
    }

    private static ObjectNode json(TaskSchema schema) {
        ObjectNode json = BoundaryJson.object().put("type", schema.type()).put("version", schema.version())
                .put("publishedAt", schema.publishedAt().toString()).put("publishedBy", schema.publishedBy());
        json.set("input", tree(schema.input()));
        json.set("output", tree(schema.output()));
        return json;
    }

    private static @Nullable JsonNode tree(@Nullable String schema) {
        return schema == null ? null : BoundaryJson.parse("A schema", schema);
    }
}
