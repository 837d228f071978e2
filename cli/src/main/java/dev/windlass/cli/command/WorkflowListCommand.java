package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.InvalidInputException;
import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.workflow.WorkflowInfo;
import dev.windlass.workflow.WorkflowStatus;
import dev.windlass.workflow.Workflows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code windlass workflow list}. */
@Command(name = "list", description = {"List workflows, by id.",
    "Reads state after state until enough match: for people and small stores. An open run shows as pending, whether or not a worker owns it: see show."}, footerHeading = "%nExample:%n", footer = "  windlass workflow list --status paused")
final class WorkflowListCommand extends ConnectedCommand {
    @Option(names = "--status", paramLabel = "S", description = "Only those with this status: pending, paused, completed, failed, cancelled.")
    private @Nullable WorkflowStatus status;

    @Option(names = "--name", paramLabel = "N", description = "Only those of this type, or graphs of this name.")
    private @Nullable String name;

    @Mixin
    private ListLimit limit = new ListLimit();

    @Override
    void prepare() {
        limit.check();
        if (status == WorkflowStatus.RUNNING || status == WorkflowStatus.WAITING) {
            throw new InvalidInputException(
                    "The state of a workflow does not tell who owns it: ask for pending, paused, "
                            + "completed, failed or cancelled.");
        }
    }

    @Override
    int run(Windlass windlass) throws InterruptedException {
        List<WorkflowInfo> found = Workflows.on(windlass.engine()).find(this::isWanted, limit.most());
        if (json()) {
            ArrayNode all = JsonText.array();
            found.forEach(info -> all.add(WorkflowText.of(info, info.status())));
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("ID", "RUN", "STATUS", "NAME", "STARTED", "ENDED");
        found.forEach(info -> table.row(info.id(), info.run(), WorkflowText.word(info.status()), info.name(),
                info.startedAt(), info.endedAt()));
        table.print(out());
        limit.tellIfReached(err(), found.size(), "workflows");
        return ExitCode.DONE;
    }

    private boolean isWanted(WorkflowInfo info) {
        return (status == null || status == info.status()) && (name == null || name.equals(info.name()));
    }
}
