package dev.windlass.python.internal;

import dev.windlass.TaskException;
import dev.windlass.TaskFailedException;
import dev.windlass.schema.SchemaViolationException;
import dev.windlass.workflow.SignalTimeoutException;
import dev.windlass.workflow.StepFailedException;
import dev.windlass.workflow.WorkflowAlreadyExistsException;
import dev.windlass.workflow.WorkflowEndedException;
import dev.windlass.workflow.WorkflowFailedException;
import dev.windlass.workflow.WorkflowNotFoundException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Java's exceptions, as Python is told of them. */
final class Failures {
    private static final int CAUSES = 10;

    private Failures() {
    }

    static String json(Throwable failure) {
        ObjectNode json = BoundaryJson.object();
        json.put("kind", failure.getClass().getSimpleName());
        json.put("type", failure.getClass().getName());
        json.put("message", message(failure));
        if (failure instanceof TaskException about) {
            json.put("taskId", about.taskId());
        }
        if (failure instanceof TaskFailedException failed) {
            ObjectNode error = json.putObject("error");
            error.put("type", failed.error().type());
            error.put("message", failed.error().message());
            error.put("traceback", failed.error().stackTrace());
        }
        switch (failure) {
            case StepFailedException step -> {
                json.put("step", step.step());
                json.set("error", WorkflowJson.error(step.error()));
            }
            case WorkflowFailedException run -> {
                json.put("workflowId", run.workflowId());
                json.set("error", WorkflowJson.error(run.error()));
            }
            case WorkflowNotFoundException run -> json.put("workflowId", run.workflowId());
            case WorkflowAlreadyExistsException run -> json.put("workflowId", run.workflowId());
            case WorkflowEndedException run -> json.put("workflowId", run.workflowId());
            case SignalTimeoutException signal -> json.put("signal", signal.signal());
            case SchemaViolationException schema -> {
                ArrayNode violations = json.putArray("violations");
                schema.violations().forEach(each -> violations.addObject().put("path", each.path())
                        .put("message", each.message()));
            }
            default -> {
                // message and causes say it all
            }
        }
        ArrayNode causes = json.putArray("causes");
        @Nullable
        Throwable cause = failure.getCause();
        for (int i = 0; cause != null && i < CAUSES; i++) {
            causes.addObject().put("type", cause.getClass().getName()).put("message", message(cause));
            cause = cause.getCause();
        }
        return BoundaryJson.text(json);
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
