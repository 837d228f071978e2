package dev.windlass.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code windlass graph}: what can be done with graph files without running them. */
@Command(name = "graph", description = "Make and inspect workflow graphs (WfFormat JSON).", synopsisSubcommandLabel = "COMMAND", footerHeading = "%nExample:%n", footer = "  windlass graph generate epigenomics --size 200 -o epigenomics.json", subcommands = {
    GraphGenerateCommand.class, GraphShowCommand.class})
final class GraphCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "graph needs a command: generate or show");
    }
}
