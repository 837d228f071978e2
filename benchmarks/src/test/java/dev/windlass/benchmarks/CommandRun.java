package dev.windlass.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What one run of {@code windlass-bench} gave.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
record CommandRun(int code, String out, String err) {

    /** Runs the command in this process. */
    static CommandRun arguments(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = BenchmarksMain.command().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
        return new CommandRun(code, out.toString(), err.toString());
    }
}
