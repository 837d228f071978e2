package dev.windlass.simulation.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.windlass.simulation.mutant.MutantException;
import dev.windlass.simulation.mutant.MutantTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tries all mutants. */
@Command(name = "mutants", mixinStandardHelpOptions = true, description = "Tries every mutant from seed 0 on, and writes"
        + " what came of it into docs/verification.md. Exits with 1 if one survives.")
final class MutantsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--limit", defaultValue = "20000", description = "How many seeds each is given. Default: 20000.")
    private long limit;

    @Mixin
    private Jobs jobs = new Jobs();

    @Option(names = "--sources", defaultValue = "${sys:windlass.sources:-.}", description = "The root of the project, whose sources are patched in memory. Default: this command's.")
    private Path sources = Path.of(".");

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || !jobs.isValid()) {
            throw new ParameterException(spec.commandLine(), "--limit is 1 or more, --jobs 0 or more.");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            int survivors = MutantTable.write(sources, limit, jobs.threads(), line -> {
                out.println(line);
                out.flush();
            });
            out.println(survivors == 0 ? "All are caught." : survivors + " survive " + limit + " seeds.");
            return survivors == 0 ? 0 : 1;
        } catch (MutantException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } finally {
            out.flush();
        }
    }
}
