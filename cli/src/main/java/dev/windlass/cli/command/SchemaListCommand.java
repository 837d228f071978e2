package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass schema list}. */
@Command(name = "list", description = "List the types that have schemas.", footerHeading = "%nExample:%n", footer = "  windlass schema list --json")
final class SchemaListCommand extends ConnectedCommand {
    @Override
    int run(Windlass windlass) {
        List<TaskSchema> schemas = Schemas.on(windlass).list();
        if (json()) {
            ArrayNode all = JsonText.MAPPER.createArrayNode();
            schemas.forEach(schema -> all.add(SchemaText.json(schema)));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("TYPE", "VERSION", "INPUTS", "RESULTS", "PUBLISHED", "BY");
        schemas.forEach(schema -> table.row(schema.type(), schema.version(), schema.input() == null ? "any" : "checked",
                schema.output() == null ? "any" : "checked", schema.publishedAt(), schema.publishedBy()));
        table.print(out());
        return ExitCode.DONE;
    }
}
