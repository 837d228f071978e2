package dev.windlass.simulation.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;

import dev.windlass.simulation.SimulationFailure;
import dev.windlass.simulation.SimulationResult;
import dev.windlass.simulation.workload.Histories;
import dev.windlass.simulation.workload.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays one seed again, whole or in part. */
@Command(name = "replay", mixinStandardHelpOptions = true, description = "Plays one seed, and prints its trace.")
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SEED", description = "Which.")
    private long seed;

    @Option(names = "--without", paramLabel = "LIST", defaultValue = "", description = "Elements of its plan to leave out, such as 1,4-7: as a shrunk failure prints them.")
    private String without = "";

    @Override
    public Integer call() {
        Plan whole = Plan.draw(seed);
        Plan plan = whole.leavingOut(parse(whole.size()));
        PrintWriter out = spec.commandLine().getOut();
        try {
            SimulationResult result = Histories.play(plan);
            plan.lines().forEach(out::println);
            result.trace().forEach(out::println);
            out.println(
                    "All held: " + result.steps() + " steps, " + result.virtualTime() + " of virtual time, fingerprint "
                            + Long.toHexString(result.fingerprint()) + ".");
            return 0;
        } catch (SimulationFailure failure) {
            print(out, plan, failure);
            return 1;
        } finally {
            out.flush();
        }
    }

    static void print(PrintWriter out, Plan plan, SimulationFailure failure) {
        plan.lines().forEach(out::println);
        failure.trace().forEach(out::println);
        out.println(failure.summary());
        String list = format(plan.left());
        out.println(
                "Run it again: ./windlass-sim replay " + plan.seed() + (list.isEmpty() ? "" : " --without " + list));
    }

    private BitSet parse(int size) {
        var elements = new BitSet();
        for (String part : without.isEmpty() ? List.<String>of() : List.of(without.split(",", -1))) {
            String[] ends = part.split("-", 2);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (first < 0 || last < first || last >= size) {
                    throw new NumberFormatException();
                }
                elements.set(first, last + 1);
            } catch (NumberFormatException e) {
                throw new ParameterException(spec.commandLine(),
                        "--without has \"" + part + "\". Use numbers from 0 to "
                                + (size - 1) + ", and ranges of them, such as 1,4-7.",
                        e);
            }
        }
        return elements;
    }

    static String format(BitSet elements) {
        var parts = new ArrayList<String>();
        for (int i = elements.nextSetBit(0); i >= 0; i = elements.nextSetBit(i)) {
            int end = elements.nextClearBit(i);
            parts.add(end == i + 1 ? "" + i : i + "-" + (end - 1));
            i = end;
        }
        return String.join(",", parts);
    }
}
