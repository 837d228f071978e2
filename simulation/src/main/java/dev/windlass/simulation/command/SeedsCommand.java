package dev.windlass.simulation.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.windlass.simulation.SimulationFailure;
import dev.windlass.simulation.workload.Campaign;
import dev.windlass.simulation.workload.Plan;
import dev.windlass.simulation.workload.Shrinker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays many seeds. */
@Command(name = "seeds", mixinStandardHelpOptions = true, description = "Plays seeds until all are played, time is over,"
        + " or one fails; then shrinks the failure, and prints how to run it again.")
final class SeedsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--from", defaultValue = "0", description = "The first seed. Default: ${DEFAULT-VALUE}.")
    private long from;

    @Option(names = "--count", defaultValue = "20000", description = "How many seeds. Default: ${DEFAULT-VALUE}.")
    private long count;

    @Option(names = "--minutes", defaultValue = "1440", description = "For how long at most. Default: a day.")
    private double minutes;

    @Mixin
    private Jobs jobs = new Jobs();

    @Option(names = "--failures", defaultValue = "1", description = "Ends after so many failures. Default: 1.")
    private int failures;

    @Option(names = "--shrink", defaultValue = "300", description = "How many histories to play for a shorter one.")
    private int shrink;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || minutes <= 0 || !jobs.isValid() || failures < 1 || shrink < 0) {
            throw new ParameterException(spec.commandLine(),
                    "--count, --minutes and --failures are 1 or more, --jobs and --shrink 0 or more.");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Campaign.Report report = Campaign.play(from, count, jobs.threads(),
                Duration.ofMillis((long) (minutes * 60_000)), failures, soFar -> {
                    String seeds = soFar.failures().isEmpty()
                            ? ""
                            : ", at " + soFar.failures().stream().map(SimulationFailure::seed).toList();
                    err.println(soFar + seeds);
                    err.flush();
                });
        for (SimulationFailure failure : report.failures()) {
            out.println(failure.invariant() + " fails at seed " + failure.seed() + ": " + failure.reason());
        }
        if (!report.failures().isEmpty()) {
            SimulationFailure first = report.failures().getFirst();
            Shrinker.Shrunk shrunk = Shrinker.shrink(Plan.draw(first.seed()), first, shrink);
            out.println("The shortest of " + shrunk.tries() + " histories that were tried:");
            ReplayCommand.print(out, shrunk.plan(), shrunk.failure());
        }
        out.println(report);
        out.flush();
        return report.failures().isEmpty() ? 0 : 1;
    }
}
