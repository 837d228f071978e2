package dev.windlass.python.internal;

import java.time.Instant;

import dev.windlass.queue.TaskError;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Runs and steps, as Python is told of them. */
final class WorkflowJson {
    private WorkflowJson() {
    }

    static ObjectNode of(WorkflowInfo info) {
        ObjectNode json = BoundaryJson.object();
        json.put("id", info.id()).put("run", info.run()).put("status", info.status().name())
                .put("function", info.function()).put("name", info.name())
                .put("startedAt", text(info.startedAt())).put("endedAt", text(info.endedAt()))
                .put("pauseReason", info.pauseReason()).put("cancelReason", info.cancelReason());
        json.set("error", error(info.error()));
        return json;
    }

    static ObjectNode of(StepInfo step) {
        ObjectNode json = BoundaryJson.object();
        json.put("name", step.name()).put("succeeded", step.succeeded()).put("skipped", step.skipped())
                .put("attempts", step.attempts()).put("startedAt", text(step.startedAt()))
                .put("finishedAt", text(step.finishedAt())).put("fleet", step.fleet()).put("worker", step.worker());
        json.set("result", step.result());
        json.set("error", error(step.error()));
        return json;
    }

    static @Nullable ObjectNode error(@Nullable TaskError error) {
        return error == null
                ? null
                : BoundaryJson.object().put("type", error.type()).put("message", error.message())
                        .put("traceback", error.stackTrace());
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
