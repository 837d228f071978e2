package dev.windlass.cli.command;

import java.util.concurrent.Callable;

import dev.windlass.cli.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code windlass completion}. */
@Command(name = "completion", description = "Print a completion script for bash (and for zsh, after bashcompinit).", footerHeading = "%nExample:%n", footer = "  source <(windlass completion)")
final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        spec.commandLine().getOut().print(AutoComplete.bash(root.name(), root.commandLine()));
        return ExitCode.DONE;
    }
}
