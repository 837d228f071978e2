package dev.windlass.schedule.internal;

import java.time.Instant;

import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.WorkflowType;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Starts runs: of graphs, and of durable functions. */
final class RunLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(RunLauncher.class);

    private final EngineAccess engine;
    private final Workflows workflows;
    private final Starter starter;

    /** Starts a run, or finds it. */
    private interface Starter {
        void start(ScheduleDocument document, ScheduleDocument.Open open);
    }

    private RunLauncher(EngineAccess engine, Workflows workflows, Starter starter) {
        this.engine = engine;
        this.workflows = workflows;
        this.starter = starter;
    }

    static RunLauncher ofGraphs(EngineAccess engine) {
        Workflows workflows = Workflows.on(engine);
        return new RunLauncher(engine, workflows, (document, open) -> workflows.start(
                DagDefinition.fromJson(document.target().path("definition")), open.id(),
                Targets.startOptions(document.target())));
    }

    static RunLauncher ofFunctions(EngineAccess engine) {
        Workflows workflows = Workflows.on(engine);
        return new RunLauncher(engine, workflows, (document, open) -> {
            JsonNode target = document.target();
            WorkflowType<JsonNode, JsonNode> type = WorkflowType.of(target.path("name").asString(""), JsonNode.class,
                    JsonNode.class).withVersion(target.path("version").asInt(1));
            workflows.start(type, open.id(), Targets.input(target, open.at(), document.zone()),
                    Targets.startOptions(target));
        });
    }

    @Override
    public String id(String schedule, Instant at, String trigger) {
        String id = schedule + '@' + at + (trigger.isEmpty() ? "" : '-' + trigger);
        engine.keySegment("workflow id of a firing", id);
        return id;
    }

    @Override
    public boolean start(ScheduleDocument document, ScheduleDocument.Open open) {
        boolean known = isKnown(document.target(), open.id());
        try {
            // In any case: a start that died between its puts is made whole.
            starter.start(document, open);
            return !known;
        } catch (WorkflowAlreadyExistsException e) {
            return false; // an earlier schedule of the name has fired this very time
        }
    }

    @Override
    public LogContext about(JsonNode target, String id) {
        return LogContext.ofWorkflow(id);
    }

    @Override
    public boolean runs(JsonNode target, String id) {
        WorkflowStatus status = status(id);
        return status != null && !status.isFinal();
    }

    @Override
    public boolean isKnown(JsonNode target, String id) {
        return status(id) != null;
    }

    private @Nullable WorkflowStatus status(String id) {
        try {
            return workflows.handle(id).status();
        } catch (WorkflowNotFoundException e) {
            return null;
        }
    }

    @Override
    public void cancel(JsonNode target, String id, String reason) {
        try {
            if (!workflows.handle(id).cancel(reason)) {
                LOG.debug("workflow {} had ended before the schedule cancelled it", id);
            }
        } catch (WorkflowNotFoundException e) {
            // removed, so it has ended
        }
    }
}
