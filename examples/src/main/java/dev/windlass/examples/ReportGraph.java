package dev.windlass.examples;

import java.time.Duration;
import java.util.Map;

import dev.windlass.Windlass;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A workflow: two steps side by side, and one that needs both. */
public final class ReportGraph {

    private ReportGraph() {
    }

    /**
     * Runs the graph.
     *
     * @param args the store; default {@code file:./data}
     */
    public static void main(String[] args) throws InterruptedException {
        String store = args.length > 0 ? args[0] : "file:./data";
        JsonNode shop = JsonNodeFactory.instance.stringNode("shop");
        DagDefinition dag = DagDefinition.builder("report")
                .step("orders", "count", shop)
                .step("returns", "count", shop)
                .step("report", "write", null, "orders", "returns")
                .build();
        try (var windlass = Windlass.connect(store)) {
            Workflows workflows = Workflows.on(windlass.engine())
                    .stepType("count", (step, input, parents) -> input.asString() + " " + step.name())
                    .stepType("write", (step, input, parents) -> String.join(" and ",
                            parents.values().stream().map(JsonNode::asString).toList()));
            try (var worker = workflows.worker(windlass.worker()).start()) {
                Map<String, JsonNode> results = workflows.start(dag, "report-2026-11").await(Duration.ofMinutes(1));
                System.out.println(results); // of the steps that no other needs
            }
        }
    }
}
