package dev.windlass.cli.command;

import java.util.ArrayList;
import java.util.List;

import dev.windlass.Windlass;
import dev.windlass.cli.ExitCode;
import dev.windlass.queue.TaskInfo;
import dev.windlass.queue.TaskStatus;
import dev.windlass.queue.WorkerInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code windlass workers}. */
@Command(name = "workers", description = {
    "List who works on tasks, and which tasks each holds; also who claims by hand.",
    "A worker without a lease holds nothing: it has had nothing to do yet, or is gone."}, footerHeading = "%nExample:%n", footer = "  windlass workers --tasks")
final class WorkersCommand extends ConnectedCommand {
    @Option(names = "--tasks", description = "Also show what each task is: type, attempt and since when; a get each.")
    private boolean tasks;

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
                if (tasks) {
                    ArrayNode doing = one.putArray("doing");
                    inHand(windlass, worker).forEach(task -> doing.add(JsonText.object().put("id", task.id())
                            .put("queue", task.queue()).put("type", task.type()).put("attempt", task.attempt())
                            .put("startedAt", JsonText.time(task.startedAt()))));
                }
                all.add(one);
            }
            print(all);
            return ExitCode.DONE;
        }
        if (tasks) {
            Table table = table("ID", "STATE", "TASK", "QUEUE", "TYPE", "ATTEMPT", "SINCE");
            for (WorkerInfo worker : workers) {
                List<TaskInfo> doing = inHand(windlass, worker);
                doing.forEach(task -> table.row(worker.id(), state(worker), task.id(), task.queue(), task.type(),
                        task.attempt(), task.startedAt()));
                if (doing.isEmpty()) {
                    table.row(worker.id(), state(worker), null, null, null, null, null);
                }
            }
            table.print(out());
            return ExitCode.DONE;
        }
        Table table = table("ID", "STATE", "QUEUES", "TASKS", "LEASE SEEN", "HOST", "PID");
        workers.forEach(worker -> table.row(worker.id(), state(worker), String.join(",", worker.queues()),
                worker.tasks().size(), worker.leaseSeenAt(), worker.host(), worker.pid() == 0 ? null : worker.pid()));
        table.print(out());
        return ExitCode.DONE;
    }

    /** What runs under the worker's name; a lease may list a little more, such as what is being claimed. */
    private static List<TaskInfo> inHand(Windlass windlass, WorkerInfo worker) {
        var doing = new ArrayList<TaskInfo>();
        for (String id : worker.tasks()) {
            TaskInfo task = Tasks.of(windlass).get(id);
            if (task != null && task.status() == TaskStatus.RUNNING && worker.id().equals(task.workerId())) {
                doing.add(task);
            }
        }
        return doing;
    }

    private static String state(WorkerInfo worker) {
        String state = worker.leaseSeenAt() == null ? "no lease" : worker.alive() ? "alive" : "dead";
        return worker.byHand() ? state + " (by hand)" : state;
    }
}
