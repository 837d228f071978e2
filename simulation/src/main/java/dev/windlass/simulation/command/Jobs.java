package dev.windlass.simulation.command;

import picocli.CommandLine.Option;

/** On how many threads a command plays: the option that commands share. */
final class Jobs {
    @Option(names = "--jobs", defaultValue = "0", description = "On how many threads. Default: one for each processor.")
    private int jobs;

    /** Whether the number that was given is one of threads. */
    boolean isValid() {
        return jobs >= 0;
    }

    /** How many threads. */
    int threads() {
        return jobs == 0 ? Runtime.getRuntime().availableProcessors() : jobs;
    }
}
