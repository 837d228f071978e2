package dev.windlass.python.internal;

import java.util.Map;

import dev.windlass.queue.Worker;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.WorkerOptions;
import dev.windlass.workflow.WorkflowContext;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a worker of Python's does for workflows: durable functions, graphs, steps that others have sent out. */
final class WorkflowParts {
    private final Connections connections;
    private final Connections.Opened opened;
    private final long worker;

    /** @param worker its number, as Python knows it */
    WorkflowParts(Connections connections, Connections.Opened opened, long worker) {
        this.connections = connections;
        this.opened = opened;
        this.worker = worker;
    }

    /**
     * Makes a worker take part.
     *
     * @param given the functions ({@code name}, {@code version}), the graphs (the definition, and the {@code kind} of
     *            Python's steps), the kinds of further steps, and how much at once
     */
    void add(Worker.Builder builder, Arguments given) {
        Workflows workflows = Workflows.on(opened.windlass().engine());
        for (JsonNode function : given.tree("functions")) {
            addFunction(workflows, function.path("name").asString(""), function.path("version").asInt(1));
        }
        for (JsonNode graph : given.tree("graphs")) {
            String kind = graph.path("kind").asString("");
            workflows.register(DagDefinition.fromJson(graph.path("graph")), kind,
                    (step, input, parents) -> run(kind, step, input, parents));
        }
        for (String kind : given.texts("kinds")) {
            workflows.stepType(kind, (step, input, parents) -> run(kind, step, input, parents));
        }
        int steps = given.count("steps", 16);
        WorkerOptions options = WorkerOptions.ofDefaults().withRuns(given.count("runs", 16))
                .withLocalParallelism(steps).withFleetConcurrency(steps);
        if (given.has("parkAfterMillis")) {
            options = options.withParkAfter(given.millis("parkAfterMillis", options.parkAfter()));
        }
        workflows.worker(builder, options);
        opened.latest().set(workflows);
    }

    private void addFunction(Workflows workflows, String name, int version) {
        workflows.workflow(WorkflowType.of(name, JsonNode.class, JsonNode.class).withVersion(version),
                (context, input) -> connections.flows().run(worker, name, version, context, input,
                        () -> isCancelled(workflows, context)));
    }

    private static boolean isCancelled(Workflows workflows, WorkflowContext context) {
        try {
            WorkflowInfo info = workflows.info(context.workflowId());
            return info.run() == context.run() && info.cancelReason() != null;
        } catch (WorkflowNotFoundException e) {
            return false;
        }
    }

    private @Nullable JsonNode run(String kind, StepContext step, JsonNode input, Map<String, JsonNode> parents)
            throws Exception {
        ObjectNode given = BoundaryJson.object();
        given.set("input", input);
        ObjectNode results = given.putObject("results");
        parents.forEach(results::set);
        return connections.invocations().run(BoundaryJson.object().put("worker", worker).put("kind", kind), step,
                given);
    }
}
