package dev.windlass.cli.command;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass schema publish}. */
@Command(name = "publish", description = "Publish the schemas of a type, in place of those that it had. Exit code 2 if one is no JSON Schema 2020-12.", footerHeading = "%nExample:%n", footer = "  windlass schema publish --type send-email --input @email.schema.json --output '{\"type\": \"string\"}'")
final class SchemaPublishCommand extends ConnectedCommand {
    @Option(names = "--type", paramLabel = "T", required = true, description = "The type of the tasks.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String type;

    @Option(names = "--input", paramLabel = "JSON|@FILE|-", description = "The schema of the inputs (default: any input will do).")
    private @Nullable String input;

    @Option(names = "--output", paramLabel = "JSON|@FILE|-", description = "The schema of the results (default: any result will do).")
    private @Nullable String output;

    @Option(names = "--by", paramLabel = "WHO", description = "Who publishes (default: nobody in particular).")
    private @Nullable String by;

    private @Nullable String inputSchema;
    private @Nullable String outputSchema;

    @Override
    void prepare() {
        if (input == null && output == null) {
            throw new InvalidInputException("Neither --input nor --output is given. Give one or both.");
        }
        inputSchema = input == null ? null : JsonText.write(TaskInput.read("input", input));
        outputSchema = output == null ? null : JsonText.write(TaskInput.read("output", output));
    }

    @Override
    int run(Windlass windlass) {
        TaskSchema schema = Schemas.on(windlass).publish(type, inputSchema, outputSchema, by);
        if (json()) {
            print(SchemaText.json(schema));
        } else {
            print("type " + type + " has its schema, version " + schema.version());
        }
        return ExitCode.DONE;
    }
}
