package dev.windlass.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code windlass schema}: what inputs and results of tasks have to look like. */
@Command(name = "schema", description = {"JSON Schemas (2020-12) for the inputs and results of tasks, by type.",
    "submit, complete and worker check by what is published; so do programs that are told to."}, synopsisSubcommandLabel = "COMMAND", footerHeading = "%nExample:%n", footer = "  windlass schema publish --type send-email --input @email.schema.json", subcommands = {
        SchemaPublishCommand.class, SchemaListCommand.class, SchemaShowCommand.class, SchemaCheckCommand.class,
        SchemaDeleteCommand.class})
final class SchemaCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "schema needs a command: publish, list, show, check or delete");
    }
}
