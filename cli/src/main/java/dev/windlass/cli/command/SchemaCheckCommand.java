package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.schema.SchemaViolation;
import dev.windlass.schema.Schemas;
import dev.windlass.schema.TaskSchema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass schema check}. */
@Command(name = "check", description = "Check a value by the published schema of a type, and write nothing. Exit code 1 if it does not fit, 2 if there is no schema.", footerHeading = "%nExample:%n", footer = "  windlass schema check --type send-email --input @email.json")
final class SchemaCheckCommand extends ConnectedCommand {
    @Option(names = "--type", paramLabel = "T", required = true, description = "The type of the tasks.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String type;

    @Option(names = "--input", paramLabel = "JSON|@FILE|-", description = "An input.")
    private @Nullable String input;

    @Option(names = "--output", paramLabel = "JSON|@FILE|-", description = "A result.")
    private @Nullable String output;

    private String value = "";

    @Override
    void prepare() {
        String given = input == null ? output : input;
        if (given == null || (input != null && output != null)) {
            throw new InvalidInputException("Give one of --input and --output.");
        }
        value = JsonText.write(TaskInput.read(input == null ? "output" : "input", given));
    }

    @Override
    int run(Windlass windlass) {
        TaskSchema schema = SchemaText.get(windlass, type);
        String wanted = input == null ? schema.output() : schema.input();
        List<SchemaViolation> violations = wanted == null ? List.of() : Schemas.validate(wanted, value);
        if (json()) {
            var json = JsonText.object().put("type", type).put("version", schema.version())
                    .put("fits", violations.isEmpty());
            ArrayNode all = json.putArray("violations");
            violations.forEach(each -> all.addObject().put("path", each.path()).put("message", each.message()));
            print(json);
        } else if (violations.isEmpty()) {
            print("it fits version " + schema.version());
        } else {
            violations.forEach(each -> print(each.toString()));
        }
        return violations.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
