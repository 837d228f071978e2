package dev.windlass.simulation.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code windlass-sim} command. Exits with 0 if all held, 1 if an invariant did not, 2 if it was asked wrongly. */
@Command(name = "windlass-sim", mixinStandardHelpOptions = true, subcommands = {MutantsCommand.class,
    SeedsCommand.class,
    ReplayCommand.class}, description = "Plays the real queue and workflow engine in a simulated world, seed by seed.")
public final class SimulatorMain implements Runnable {
    @Spec
    private CommandSpec spec;

    private SimulatorMain() {
        this.spec = CommandSpec.create();
    }

    /** Runs the command, and ends the process with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain") // This is main.
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }

    static CommandLine command() {
        return new CommandLine(new SimulatorMain());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? Use seeds, replay SEED, or mutants.");
    }
}
