package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schema.Schemas;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schema delete}. */
@Command(name = "delete", description = "Delete the schemas of a type: any value will do from then on. Exit code 2 if there are none.", footerHeading = "%nExample:%n", footer = "  windlass schema delete send-email")
final class SchemaDeleteCommand extends ConnectedCommand {
    @Parameters(paramLabel = "TYPE", description = "The type of the tasks.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String type;

    @Override
    int run(Windlass windlass) {
        SchemaText.get(windlass, type);
        boolean deleted = Schemas.on(windlass).delete(type);
        if (json()) {
            print(JsonText.object().put("type", type).put("deleted", deleted));
        } else {
            print("the schema of type " + type + (deleted ? " is deleted" : " was deleted meanwhile"));
        }
        return ExitCode.DONE;
    }
}
