package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schema.TaskSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass schema show}. */
@Command(name = "show", description = "Show the schemas of a type. Exit code 2 if there are none.", footerHeading = "%nExample:%n", footer = "  windlass schema show send-email")
final class SchemaShowCommand extends ConnectedCommand {
    @Parameters(paramLabel = "TYPE", description = "The type of the tasks.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String type;

    @Override
    int run(Windlass windlass) {
        TaskSchema schema = SchemaText.get(windlass, type);
        if (json()) {
            print(SchemaText.json(schema));
            return ExitCode.DONE;
        }
        print("type " + schema.type() + ", version " + schema.version() + ", published " + schema.publishedAt()
                + (schema.publishedBy() == null ? "" : " by " + schema.publishedBy()));
        print("inputs: " + (schema.input() == null ? "any" : schema.input()));
        print("results: " + (schema.output() == null ? "any" : schema.output()));
        return ExitCode.DONE;
    }
}
