package dev.windlass.python.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.windlass.AwaitTimeoutException;
import dev.windlass.InvalidInputException;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.DagStep;
import dev.windlass.workflow.StartOptions;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls about runs of workflows. */
final class WorkflowVerbs {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Connections connections;

    WorkflowVerbs(Connections connections) {
        this.connections = connections;
    }

    private Workflows workflows(Arguments arguments) {
        return connections.get(arguments.number("connection")).workflows();
    }

    private WorkflowHandle handle(Arguments arguments) {
        return workflows(arguments).handle(arguments.text("workflow"));
    }

    Verbs.Answer start(Arguments arguments) {
        Workflows workflows = workflows(arguments);
        String id = arguments.text("workflow");
        StartOptions options = options(arguments.object("options"));
        JsonNode input = arguments.tree("input");
        if (arguments.has("graph")) {
            DagDefinition graph = DagDefinition.fromJson(arguments.tree("graph"));
            workflows.start(graph, id, options.withInput(input.isNull() ? null : input));
        } else {
            WorkflowType<JsonNode, JsonNode> type = WorkflowType
                    .of(arguments.text("type"), JsonNode.class, JsonNode.class)
                    .withVersion(arguments.count("version", 1));
            workflows.start(type, id, input.isNull() ? null : input, options);
        }
        return Verbs.Answer.of(WorkflowJson.of(workflows.info(id)));
    }

    static StartOptions options(Arguments given) {
        StartOptions options = StartOptions.ofDefaults().withPriority(given.count("priority", 5))
                .withAttempts(given.count("attempts", 25));
        String existing = given.textOrNull("existing");
        return existing == null
                ? options
                : options.withExistingId(StartOptions.ExistingId.valueOf(existing.toUpperCase(Locale.ROOT)));
    }

    /** Null for one that is not there. Of one that is open it is said whether it runs, waits or is yet to be claimed. */
    Verbs.Answer get(Arguments arguments) throws InterruptedException {
        Workflows workflows = workflows(arguments);
        try {
            WorkflowInfo info = workflows.info(arguments.text("workflow"));
            WorkflowHandle handle = workflows.handle(info.id());
            ObjectNode json = withData(WorkflowJson.of(info), handle);
            if (!info.status().isFinal()) {
                json.put("status", handle.status().name());
                if (!info.function()) {
                    current(handle, json.putArray("current"));
                }
            }
            return Verbs.Answer.of(json);
        } catch (WorkflowNotFoundException e) {
            return Verbs.Answer.nothing();
        }
    }

    /** With what the run was started with, as long as that is there. */
    private static ObjectNode withData(ObjectNode json, WorkflowHandle handle) {
        try {
            json.set("data", handle.input());
        } catch (WorkflowNotFoundException e) {
            json.putNull("data"); // its retention is over, and the state goes next
        }
        return json;
    }

    /** The steps of a graph that have not ended, and whose needs have. */
    private static void current(WorkflowHandle handle, ArrayNode current) throws InterruptedException {
        Set<String> ended = new HashSet<>();
        handle.steps().forEach(step -> ended.add(step.name()));
        for (DagStep step : handle.definition().steps()) {
            boolean ready = step.needs().stream()
                    .allMatch(need -> need.equals(DagStep.RUN_INPUT) || ended.contains(need));
            if (ready && !ended.contains(step.name())) {
                current.add(step.name());
            }
        }
    }

    Verbs.Answer await(Arguments arguments) throws InterruptedException {
        WorkflowHandle handle = handle(arguments);
        Duration limit = arguments.millis("limitMillis");
        while (true) {
            try {
                Map<String, JsonNode> results = handle.await(limit == null ? LONG : limit);
                ObjectNode json = BoundaryJson.object();
                results.forEach(json::set);
                return Verbs.Answer.of(json);
            } catch (AwaitTimeoutException e) {
                if (limit != null) {
                    throw e;
                }
            }
        }
    }

    Verbs.Answer steps(Arguments arguments) throws InterruptedException {
        ArrayNode steps = BoundaryJson.object().putArray("steps");
        handle(arguments).steps().forEach(step -> steps.add(WorkflowJson.of(step)));
        return Verbs.Answer.of(steps);
    }

    Verbs.Answer progress(Arguments arguments) {
        var progress = handle(arguments).progress();
        return Verbs.Answer.of(BoundaryJson.object().put("status", progress.status().name())
                .put("finished", progress.finished()).put("total", progress.total()));
    }

    Verbs.Answer signal(Arguments arguments) {
        Workflows workflows = workflows(arguments);
        String id = arguments.text("signalId");
        workflows.signal(arguments.text("workflow"), arguments.text("name"), arguments.tree("value"), id);
        return new Verbs.Answer.Text(BoundaryJson.quoted(id));
    }

    Verbs.Answer control(Arguments arguments) throws InterruptedException {
        WorkflowHandle handle = handle(arguments);
        String reason = arguments.has("reason") ? arguments.text("reason") : "";
        String what = arguments.text("what");
        switch (what) {
            case "cancel" -> {
                return Verbs.Answer.of(handle.cancel(reason));
            }
            case "terminate" -> {
                return Verbs.Answer.of(handle.terminate(reason));
            }
            case "pause" -> handle.pause(reason);
            case "resume" -> handle.resume();
            case "retry" -> handle = handle.retry();
            case "fork" -> handle = handle.fork(arguments.text("step"));
            default -> throw new InvalidInputException("A run cannot be told to \"" + what + "\".");
        }
        return Verbs.Answer.of(withData(WorkflowJson.of(workflows(arguments).info(handle.id())), handle));
    }

    Verbs.Answer list(Arguments arguments) throws InterruptedException {
        String prefix = arguments.has("prefix") ? arguments.text("prefix") : "";
        String status = arguments.textOrNull("status");
        WorkflowStatus wanted = status == null ? null : WorkflowStatus.valueOf(status);
        String name = arguments.textOrNull("name");
        ArrayNode found = BoundaryJson.object().putArray("runs");
        workflows(arguments).find(info -> info.id().startsWith(prefix) && (name == null || info.name().equals(name))
                && (wanted == null || info.status() == wanted), arguments.count("limit", 100))
                .forEach(info -> found.add(WorkflowJson.of(info)));
        return Verbs.Answer.of(found);
    }

    /** The signals that were sent to a workflow and not yet taken, in the order of their keys. */
    Verbs.Answer signals(Arguments arguments) {
        ArrayNode found = BoundaryJson.object().putArray("signals");
        new SignalObjects(connections.get(arguments.number("connection")))
                .read(arguments.text("workflow"), arguments.textOrNull("name"), arguments.textOrNull("after"),
                        arguments.count("limit", 1000))
                .forEach(found::add);
        return Verbs.Answer.of(found);
    }

    Verbs.Answer deleteSignals(Arguments arguments) {
        int deleted = new SignalObjects(connections.get(arguments.number("connection")))
                .delete(arguments.text("workflow"), arguments.textOrNull("name"));
        return new Verbs.Answer.Text(Integer.toString(deleted));
    }
}
