package dev.windlass.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import dev.windlass.cli.ExitCode;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code windlass-bench hot}. */
@Command(name = "hot", usageHelpAutoWidth = true, description = "Benchmarks of the hot paths by JMH; takes JMH's own arguments.", footerHeading = "%nExample:%n", footer = "  windlass-bench hot -f 1 TaskDocument")
final class HotCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "Arguments of JMH; -h tells them.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Main.main(arguments.toArray(new String[0]));
        return ExitCode.DONE;
    }
}
