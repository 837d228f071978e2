package dev.windlass.benchmarks;

import java.io.PrintWriter;

import dev.windlass.cli.ExitCode;
import dev.windlass.cli.Failures;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code windlass-bench} command. Its exit codes are those of {@code windlass}. */
@Command(name = "windlass-bench", mixinStandardHelpOptions = true, usageHelpAutoWidth = true, description = "Measures the project against its targets, and soaks it.", subcommands = {
    MeasureCommand.class, HotCommand.class, SoakCommand.class, AttendCommand.class})
public final class BenchmarksMain implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private BenchmarksMain() {
    }

    /** Runs the command, and ends the process with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain") // This is main.
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }

    static CommandLine command() {
        var command = new CommandLine(new BenchmarksMain());
        CommandLine hot = command.getSubcommands().get("hot");
        if (hot != null) {
            hot.setUnmatchedOptionsArePositionalParams(true); // what it does not know is JMH's
        }
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, given) -> usageError(failure))
                .setExecutionExceptionHandler(
                        (failure, failed, parsed) -> Failures.report(failure, false, failed.getErr()));
    }

    private static int usageError(ParameterException failure) {
        PrintWriter err = failure.getCommandLine().getErr();
        err.println("windlass-bench: " + failure.getMessage());
        err.println("Try '" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.BAD_INPUT;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command was given");
    }
}
