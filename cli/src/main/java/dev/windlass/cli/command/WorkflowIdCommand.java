package dev.windlass.cli.command;

import dev.windlass.Windlass;
import dev.windlass.workflow.WorkflowHandle;
import dev.windlass.workflow.Workflows;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** What commands on the latest run of one workflow have in common. */
abstract class WorkflowIdCommand extends ConnectedCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The workflow's id. Its latest run is meant.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it.
    private String id;

    @Override
    final int run(Windlass windlass) throws Exception {
        Workflows workflows = Workflows.on(windlass.engine());
        return run(workflows, workflows.handle(id));
    }

    /**
     * Does the work.
     *
     * @return the exit code
     */
    abstract int run(Workflows workflows, WorkflowHandle handle) throws Exception;

    /** Prints what has been done, as a line or as JSON. */
    final void say(WorkflowHandle handle, String what, ObjectNode more) {
        if (json()) {
            ObjectNode json = JsonText.object().put("id", handle.id()).put("run", handle.run());
            json.setAll(more);
            print(json);
        } else {
            print(handle.id() + "  " + what);
        }
    }
}
