package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

import dev.windlass.cli.ExitCode;
import dev.windlass.cli.graph.GraphDigest;
import dev.windlass.cli.graph.WorkflowGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code windlass graph show}. */
@Command(name = "show", description = "Check a workflow graph; show its shape and the digest that a run of it yields.", footerHeading = "%nExample:%n", footer = "  windlass graph show examples/workflows/montage.json --json")
final class GraphShowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is run.
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "WfFormat JSON, any schema from 1.0 to 1.6; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        WorkflowGraph graph = GraphFile.read(file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(graph));
        } else {
            row(out, "name", graph.name());
            row(out, "tasks", graph.tasks().size());
            row(out, "edges", graph.edges());
            row(out, "depth", graph.depth() + (graph.depth() == 1 ? " level" : " levels"));
            row(out, "width", graph.width() + (graph.width() == 1 ? " task" : " tasks"));
            row(out, "runtime", String.format(Locale.ROOT, "%.1f s", graph.totalRuntimeSeconds()));
            row(out, "critical path", String.format(Locale.ROOT, "%.1f s", graph.criticalPathSeconds()));
            row(out, "digest", GraphDigest.expected(graph));
        }
        return ExitCode.DONE;
    }

    private static String asJson(WorkflowGraph graph) {
        JsonMapper mapper = JsonMapper.builder().build();
        return mapper.writeValueAsString(mapper.createObjectNode().put("name", graph.name())
                .put("tasks", graph.tasks().size()).put("edges", graph.edges()).put("depth", graph.depth())
                .put("width", graph.width()).put("runtimeSeconds", microseconds(graph.totalRuntimeSeconds()))
                .put("criticalPathSeconds", microseconds(graph.criticalPathSeconds()))
                .put("digest", GraphDigest.expected(graph)));
    }

    /** Drops what adding up binary fractions leaves behind. */
    private static double microseconds(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    private static void row(PrintWriter out, String label, Object value) {
        out.println(String.format(Locale.ROOT, "%-13s  %s", label, value));
    }
}
