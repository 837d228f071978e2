package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.windlass.WindlassException;
import dev.windlass.cli.config.Configuration;
import dev.windlass.environment.Environment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What commands on a store have in common: where it is, and how to print. */
@Command
abstract class StoreCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Option(names = "--store", paramLabel = "URI", description = StoreUri.HELP)
    private @Nullable String storeOption;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        int code = work(StoreUri.of(spec, storeOption));
        checkOutput();
        return code;
    }

    /**
     * Does the work.
     *
     * @param uri the store
     * @return the exit code
     */
    abstract int work(String uri) throws Exception;

    /** What is set by windlass.toml and the environment. */
    final Configuration configuration() {
        return RootCommand.configuration(spec);
    }

    /** The store as given on the command line, or null. */
    final @Nullable String storeOption() {
        return storeOption;
    }

    /** Whether to print JSON. */
    final boolean json() {
        return json;
    }

    /** Time, threads and randomness of the command. */
    static Environment environment() {
        return Environment.system();
    }

    /** Where results go. */
    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where remarks go that are no result. */
    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** A table for standard output. */
    final Table table(String... headings) {
        return new Table(spec.commandLine().getColorScheme(), headings);
    }

    /** Prints JSON on one line. */
    final void print(JsonNode node) {
        out().println(JsonText.write(node));
        out().flush();
    }

    /** Prints a line. */
    final void print(String line) {
        out().println(line);
        out().flush();
    }

    /** Fails if what was printed has not reached its reader. */
    final void checkOutput() {
        if (out().checkError()) {
            throw new WindlassException("standard output could not be written; is the disk full or the reader gone?");
        }
    }
}
