package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.StepInfo;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass workflow steps}. */
@Command(name = "steps", description = "Show the steps of a workflow that have ended; --json with their results.", footerHeading = "%nExample:%n", footer = "  windlass workflow steps order-17")
final class WorkflowStepsCommand extends WorkflowIdCommand {
    @Override
    int run(Workflows workflows, WorkflowHandle handle) throws InterruptedException {
        List<StepInfo> steps = handle.steps();
        if (json()) {
            ArrayNode all = JsonText.array();
            steps.forEach(step -> all.add(WorkflowText.of(step)));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("STEP", "OUTCOME", "TRIES", "STARTED", "FINISHED", "WORKER");
        steps.forEach(step -> table.row(step.name(),
                step.error() == null ? "succeeded" : "failed: " + step.error().summary(), step.attempts(),
                step.startedAt(), step.finishedAt(), step.worker()));
        table.print(out());
        return ExitCode.DONE;
    }
}
