package dev.windlass.cli.command;

import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.WorkerInfo;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass workers}. */
@Command(name = "workers", description = {
    "List who works on tasks, and which tasks each holds; also who claims by hand.",
    "A worker without a lease holds nothing: it has had nothing to do yet, or is gone."}, footerHeading = "%nExample:%n", footer = "  windlass workers --json")
final class WorkersCommand extends ConnectedCommand {
    @Override
    int run(Windlass windlass) {
        List<WorkerInfo> workers = windlass.workers();
        if (json()) {
            ArrayNode all = JsonText.array();
            for (WorkerInfo worker : workers) {
                ObjectNode one = JsonText.object().put("id", worker.id()).put("state", state(worker))
                        .put("host", worker.host()).put("pid", worker.pid())
                        .put("startedAt", JsonText.time(worker.startedAt()))
                        .put("leaseSeenAt", JsonText.time(worker.leaseSeenAt())).put("byHand", worker.byHand());
                worker.queues().forEach(one.putArray("queues")::add);
                worker.types().forEach(one.putArray("types")::add);
                worker.tasks().forEach(one.putArray("tasks")::add);
                all.add(one);
            }
            print(all);
            return ExitCode.DONE;
        }
        Table table = table("ID", "STATE", "QUEUES", "TASKS", "LEASE SEEN", "HOST", "PID");
        workers.forEach(worker -> table.row(worker.id(), state(worker), String.join(",", worker.queues()),
                worker.tasks().size(), worker.leaseSeenAt(), worker.host(), worker.pid() == 0 ? null : worker.pid()));
        table.print(out());
        return ExitCode.DONE;
    }

    private static String state(WorkerInfo worker) {
        String state = worker.leaseSeenAt() == null ? "no lease" : worker.alive() ? "alive" : "dead";
        return worker.byHand() ? state + " (by hand)" : state;
    }
}
