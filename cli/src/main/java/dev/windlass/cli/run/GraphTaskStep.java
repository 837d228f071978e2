package dev.windlass.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.windlass.cli.graph.GraphDigest;
import dev.windlass.cli.graph.GraphTask;
import dev.windlass.cli.graph.IdOrder;
import dev.windlass.cli.graph.WorkflowGraph;
import dev.windlass.environment.Environment;
import dev.windlass.queue.PermanentFailure;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StepContext;
import dev.windlass.workflow.StepHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A task of a graph as a step: waits the recorded runtime, scaled, and yields the task's digest, which needs every
 * parent's. Its input is {@code {"seconds": …}}.
 */
final class GraphTaskStep implements StepHandler {
    static final String KIND = "graph-task";

    private final Environment environment;

    GraphTaskStep(Environment environment) {
        this.environment = environment;
    }

    /** The graph as a definition: a step each task. Nothing is said of retries: the defaults hold. */
    static DagDefinition define(WorkflowGraph graph, double timeScale) {
        DagDefinition.Builder dag = DagDefinition.builder(graph.name());
        for (GraphTask task : graph.tasks()) {
            var input = JsonNodeFactory.instance.objectNode().put("seconds", task.runtimeSeconds() * timeScale);
            // A recorded runtime has no limit, so the step has none.
            dag.step(DagStep.of(task.id(), KIND, input, task.parents()).withTimeout(null));
        }
        return dag.build();
    }

    @Override
    public Object handle(StepContext step, JsonNode input, Map<String, JsonNode> parents) throws InterruptedException {
        double seconds = input.path("seconds").asDouble(-1);
        if (!(seconds >= 0)) {
            throw new PermanentFailure("step " + step.name() + " has no seconds to wait in its input");
        }
        environment.sleep(Duration.ofNanos((long) (seconds * 1e9)));
        var sorted = new TreeMap<String, JsonNode>(IdOrder.BYTES);
        sorted.putAll(parents);
        List<String> digests = new ArrayList<>();
        sorted.forEach((id, digest) -> {
            if (!digest.isString()) {
                throw new PermanentFailure("step " + step.name() + " got no digest from its parent " + id);
            }
            digests.add(digest.asString());
        });
        return GraphDigest.taskDigest(step.name(), digests);
    }
}
