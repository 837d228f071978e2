package dev.windlass.python;

import java.io.IOException;
import java.util.Properties;

import dev.windlass.environment.Environment;
import dev.windlass.environment.StopSignals;
import jep.MainInterpreter;
import jep.PyConfig;
import jep.SharedInterpreter;

/**
 * The program that {@code python -m windlass} turns into: a JVM that embeds the same Python and runs the user's program. Set up by
 * system properties, which the Python launcher gives:
 *
 * <ul>
 * <li>{@code windlass.python.executable}: the Python, which also says which virtual environment it is</li>
 * <li>{@code windlass.python.jep}: Jep's native part</li>
 * </ul>
 */
public final class Main {
    private Main() {
    }

    /**
     * Runs a program and ends the process with its exit code.
     *
     * @param args what stood behind {@code python -m windlass}
     */
    public static void main(String[] args) {
        String executable = System.getProperty("windlass.python.executable");
        String library = System.getProperty("windlass.python.jep");
        if (executable == null || library == null) {
            System.err.println("This program is started by `python -m windlass`. Use that.");
            System.exit(2);
        }
        StopSignals signals = StopSignals.listen(Environment.system());
        MainInterpreter.setJepLibraryPath(library);
        MainInterpreter.setInitParams(PyConfig.python().setParseArgv(false).setProgramName(executable));
        System.exit(run(args, signals));
    }

    @SuppressWarnings("resource") // Python threads may still run: the interpreter ends with the process
    private static int run(String[] args, StopSignals signals) {
        var python = new SharedInterpreter();
        python.set("signals", signals);
        python.set("jep_version", jepVersion());
        python.set("arguments", args);
        python.exec("from windlass._bootstrap import run_program");
        python.exec("exit_code = run_program(signals, jep_version, list(arguments))");
        return python.getValue("exit_code", Integer.class);
    }

    /** The version of Jep's Java part, as its own build noted it. */
    private static String jepVersion() {
        var properties = new Properties();
        try (var in = SharedInterpreter.class.getResourceAsStream("/META-INF/maven/org.ninia/jep/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }
}
