package dev.windlass.cli.command;

import java.util.Locale;

import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowStatus;
import tools.jackson.databind.node.ObjectNode;

/** Workflows as the commands print them. */
final class WorkflowText {
    private WorkflowText() {
    }

    static ObjectNode of(WorkflowInfo info, WorkflowStatus status) {
        ObjectNode json = JsonText.object().put("id", info.id()).put("run", info.run()).put("status", status.name())
                .put("form", info.function() ? "function" : "graph").put("name", info.name())
                .put("startedAt", JsonText.time(info.startedAt())).put("endedAt", JsonText.time(info.endedAt()))
                .put("pauseReason", info.pauseReason()).put("cancelReason", info.cancelReason());
        json.set("error", info.error() == null ? null : JsonText.of(info.error()));
        return json;
    }

    static ObjectNode of(StepInfo step) {
        ObjectNode json = JsonText.object().put("name", step.name()).put("succeeded", step.succeeded())
                .put("attempts", step.attempts()).put("startedAt", JsonText.time(step.startedAt()))
                .put("finishedAt", JsonText.time(step.finishedAt())).put("fleet", step.fleet())
                .put("worker", step.worker());
        json.set("result", step.result());
        json.set("error", step.error() == null ? null : JsonText.of(step.error()));
        return json;
    }

    static String word(WorkflowStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
