package dev.windlass.schedule.internal;

import java.time.Instant;

import dev.windlass.InvalidInputException;
import dev.windlass.queue.spi.EngineAccess;
import dev.windlass.queue.spi.LogContext;
import dev.windlass.workflow.DagDefinition;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowNotFoundException;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Starts runs of graphs. */
final class DagLauncher implements Launcher {
    private final EngineAccess engine;
    private final Workflows workflows;

    DagLauncher(EngineAccess engine) {
        this.engine = engine;
        this.workflows = Workflows.on(engine);
    }

    @Override
    public String id(String schedule, Instant at, String trigger) {
        String id = schedule + '@' + at + (trigger.isEmpty() ? "" : '-' + trigger);
        engine.keySegment("workflow id of a firing", id);
        return id;
    }

    @Override
    public boolean start(ScheduleDocument document, ScheduleDocument.Open open) {
        JsonNode target = document.target();
        boolean known = isKnown(target, open.id());
        try {
            // In any case: a start that died between its puts is made whole.
            workflows.start(DagDefinition.fromJson(target.path("definition")), open.id(), Targets.startOptions(target));
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
        throw new InvalidInputException("The workflow " + id + " cannot be cancelled: no target but a task can.");
    }
}
