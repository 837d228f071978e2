package dev.windlass.cli.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a graph in WfFormat 1.5, one task a line; the same graph gives the same text. Safe for use by any number of
 * threads.
 */
public final class WfFormatWriter {
    /** WfFormat wants times; a graph that never ran has none, and the text must not depend on the clock. */
    private static final String NO_TIME = "2026-01-01T00:00:00Z";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private WfFormatWriter() {
    }

    /**
     * Writes the graph.
     *
     * @param description what it is and where it comes from, for people
     * @param out gets text with newlines at the ends of lines
     * @throws UncheckedIOException if the target fails
     */
    public static void write(WorkflowGraph graph, String description, Appendable out) {
        Map<String, List<String>> children = new HashMap<>();
        for (GraphTask task : graph.tasks()) {
            children.computeIfAbsent(task.id(), id -> new ArrayList<>());
            task.parents().forEach(parent -> children.computeIfAbsent(parent, id -> new ArrayList<>()).add(task.id()));
        }
        try {
            out.append("{\n  \"name\": ").append(quoted(graph.name()));
            out.append(",\n  \"description\": ").append(quoted(description));
            out.append(",\n  \"createdAt\": ").append(quoted(NO_TIME));
            out.append(",\n  \"schemaVersion\": \"1.5\",\n  \"workflow\": {\n    \"specification\": {\n");
            lines(graph, out, task -> specified(task, children.getOrDefault(task.id(), List.of())));
            out.append("    },\n    \"execution\": {\n      \"makespanInSeconds\": ")
                    .append(seconds(graph.criticalPathSeconds()).toPlainString());
            out.append(",\n      \"executedAt\": ").append(quoted(NO_TIME)).append(",\n");
            lines(graph, out, WfFormatWriter::executed);
            out.append("    }\n  }\n}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void lines(WorkflowGraph graph, Appendable out, Function<GraphTask, ObjectNode> line)
            throws IOException {
        out.append("      \"tasks\": [\n");
        for (Iterator<GraphTask> tasks = graph.tasks().iterator(); tasks.hasNext();) {
            out.append("        ").append(JSON.writeValueAsString(line.apply(tasks.next())));
            out.append(tasks.hasNext() ? ",\n" : "\n");
        }
        out.append("      ]\n");
    }

    private static ObjectNode specified(GraphTask task, List<String> children) {
        ObjectNode node = JSON.createObjectNode().put("name", task.name()).put("id", task.id());
        ArrayNode parentIds = node.putArray("parents");
        task.parents().forEach(parentIds::add);
        ArrayNode childIds = node.putArray("children");
        children.stream().sorted(IdOrder.BYTES).forEach(childIds::add);
        return node;
    }

    private static ObjectNode executed(GraphTask task) {
        return JSON.createObjectNode().put("id", task.id()).put("runtimeInSeconds", task.runtimeSeconds());
    }

    private static BigDecimal seconds(double seconds) {
        return BigDecimal.valueOf(Math.round(seconds * 1000), 3);
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }
}
