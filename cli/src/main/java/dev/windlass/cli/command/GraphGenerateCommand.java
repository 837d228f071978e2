package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.windlass.WindlassException;
import dev.windlass.cli.ExitCode;
import dev.windlass.cli.graph.GraphGenerator;
import dev.windlass.cli.graph.GraphKind;
import dev.windlass.cli.graph.WfFormatWriter;
import dev.windlass.cli.graph.WorkflowGraph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass graph generate}. */
@Command(name = "generate", description = {"Make a workflow graph and write it as WfFormat 1.5.",
    "The same kind, size and seed give the same file, byte for byte."}, footerHeading = "%nSizes:%n", footer = {
        "  chain from 1, fanout from 3 and random from 1 have exactly so many tasks;",
        "  montage from 10: exactly, but for 11, 12 and 15 the nearest possible number;",
        "  epigenomics from 9: odd numbers but 11 exactly, else the nearest possible.", "", "Example:",
        "  windlass graph generate montage --size 300 --seed 7 -o montage.json"})
final class GraphGenerateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Parameters(paramLabel = "KIND", description = "montage, epigenomics, chain, fanout or random.", converter = GraphKindConverter.class)
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private GraphKind kind;

    @Option(names = "--size", paramLabel = "N", required = true, description = "Number of tasks; see Sizes below.")
    private int size;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Any number; decides runtimes and free links (default: 1).")
    private long seed;

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE", description = "Write to this file; standard output if not given.")
    private @Nullable String output;

    @Override
    public Integer call() {
        WorkflowGraph graph = GraphGenerator.generate(kind, size, seed);
        String description = "Generated: windlass graph generate " + kind.word() + " --size " + size + " --seed " + seed
                + ". The times of its making and running are placeholders.";
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            WfFormatWriter.write(graph, description, out);
            if (out.checkError()) {
                throw new WindlassException(
                        "standard output could not be written; is the disk full or the reader gone?");
            }
        } else {
            OutputFile.write(output, out -> WfFormatWriter.write(graph, description, out));
        }
        return ExitCode.DONE;
    }
}
