package dev.windlass.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.cli.command.ProjectVersion;
import dev.windlass.cli.command.RootCommand;
import dev.windlass.cli.config.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code windlass} command. */
public final class Main {
    private Main() {
    }

    /** Runs the command with the process's own streams and ends the process with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain") // This is main.
    public static void main(String[] args) {
        int code = run(args, standard(FileDescriptor.out), standard(FileDescriptor.err), Ansi.AUTO);
        System.exit(code);
    }

    /**
     * Runs the command without colours and without ending the process.
     *
     * @param args as typed
     * @param out gets what the command yields; flushed at the end
     * @param err gets messages; flushed at the end
     * @return one of {@link ExitCode}
     */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        return run(args, out, err, Ansi.OFF);
    }

    private static int run(String[] args, PrintWriter out, PrintWriter err, Ansi ansi) {
        if (args.length == 1 && args[0].equals("--version")) {
            // Scripts ask for this alone, and loading the whole command line's model takes most of a start.
            out.println(ProjectVersion.line());
            out.flush();
            return ExitCode.DONE;
        }
        var root = new RootCommand();
        CommandLine command = new CommandLine(root).setOut(out).setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi)).setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // @FILE is an input's, not a list of arguments
                .setExecutionStrategy(parsed -> execute(parsed, root))
                .setParameterExceptionHandler((failure, given) -> usageError(failure))
                .setExecutionExceptionHandler(
                        (failure, failed, parsed) -> Failures.report(failure, root.verbose(), err));
        try {
            root.configure(configuration(args));
            command.setDefaultValueProvider(root::defaultOf);
            return command.execute(args);
        } catch (InvalidInputException e) {
            return Failures.report(e, false, err);
        } catch (OutOfMemoryError | StackOverflowError e) {
            return Failures.report(e, root.verbose(), err);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Read before the command line, since it gives the defaults of what is not on it. Who asks for help needs none. */
    private static Configuration configuration(String[] args) {
        List<String> all = List.of(args);
        return all.contains("--help") || all.contains("-h") || all.contains("--version") || all.contains("-V")
                ? Configuration.none()
                : Configuration.load(System::getenv, given("--config", args), given("--profile", args));
    }

    private static @Nullable String given(String option, String[] args) {
        String value = null;
        for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
            if (args[i].startsWith(option + '=')) {
                value = args[i].substring(option.length() + 1);
            } else if (args[i].equals(option) && i + 1 < args.length) {
                value = args[i + 1];
            }
        }
        return value;
    }

    private static int execute(ParseResult parsed, RootCommand root) {
        if (root.verbose()) {
            // Before the first logger is asked for: the logging configuration reads them once.
            System.setProperty("windlass.log.level", "DEBUG");
            System.setProperty("windlass.log.pattern", "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{24} {%X}: %msg%n");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int usageError(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("windlass: " + failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.BAD_INPUT;
    }

    private static PrintWriter standard(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}
